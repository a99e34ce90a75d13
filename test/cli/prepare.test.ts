import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { Cache } from "../../src/build/cache.ts";
import { askHost } from "../../src/cli/prepare.ts";
import { readRecipe } from "../../src/cli/recipe-source.ts";
import { checkout } from "../livewright.ts";
import { recipeFolder } from "../workshop.ts";

const session = { signal: new AbortController().signal, print: () => undefined, report: () => undefined };

let folder: Awaited<ReturnType<typeof recipeFolder>>;
let cache: string;
beforeEach(async () => {
  folder = await recipeFolder({ "lessons.yaml": "name: lessons\nextends: minimal\nmenu: { theme: ./own }\n" });
  await cp(join(checkout, "themes/calm"), join(folder.path, "own"), { recursive: true });
  cache = await mkdtemp(join(tmpdir(), "livewright-prepare-"));
});
afterEach(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(cache, { recursive: true });
});

const asked = async (...set: readonly string[]): Promise<unknown> =>
  askHost(
    await readRecipe(join(folder.path, "lessons.yaml"), set),
    { cache: new Cache(cache), keepRaw: false, offline: true },
    session,
  );

test("all faults of a recipe's own theme are told before anything is planned, each with its place", async () => {
  const file = join(folder.path, "own/theme.yaml");
  const text = await readFile(file, "utf8");
  await writeFile(
    file,
    text
      .replace("splash.svg", "lost.svg")
      .replace('chosen-text: "#ffffff"', 'chosen-text: "#3f8f98"')
      .replace("sans-22.pf2", "lost.pf2"),
  );
  const told = await asked().catch((failure: unknown) => failure);
  expect(told).toMatchObject({ code: "recipe-invalid", remedy: "docs/themes.md lists what a theme says" });
  expect((told as Error).message.split("\n").map((line) => line.replace(file, ""))).toEqual([
    expect.stringMatching(/^:3:9: splash names lost\.svg/),
    expect.stringMatching(/^:13:16: colours\.chosen-text is hard to read/),
    expect.stringMatching(/^:25:13: fonts\.menu\.files\.22 names/),
  ]);
});

test("a folder that is no theme is told, and one that is sound has nothing against it", async () => {
  await asked();
  await rm(join(folder.path, "own/theme.yaml"));
  await expect(asked()).rejects.toThrow(`${join(folder.path, "own")} is no theme: it has no readable theme.yaml`);
  await asked("menu.theme=contrast");
});
