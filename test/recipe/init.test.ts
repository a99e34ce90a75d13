import { existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { init } from "../../src/cli/init.ts";
import { readRecipe } from "../../src/cli/recipe-source.ts";
import { recipes } from "../../src/cli/recipes.ts";
import type { Session } from "../../src/cli/session.ts";

let folder = "";
let printed: string[] = [];

const session: Session = {
  signal: new AbortController().signal,
  print: (text) => printed.push(text),
  report: () => undefined,
};

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "livewright-init-"));
  printed = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("init writes a recipe that can be built as it is, named after its folder", async () => {
  const target = join(folder, "Physics & 'Lab 2'");
  await init(target, { template: "minimal" }, session);
  const { recipe, roots, warnings } = await readRecipe(target, []);
  expect(printed).toEqual([join(target, "recipe.yaml")]);
  expect(recipe).toMatchObject({ name: "physics-lab-2", suite: "bookworm", menu: { title: "Physics-lab-2" } });
  expect(recipe.layers.map(({ name }) => name)).toEqual(["minimal", "own"]);
  expect(recipe.layers[1]?.hooks).toEqual([{ at: "source", root: "recipe", path: "hooks/shorten-boot" }]);
  expect(roots["recipe"]).toBe(target);
  expect(warnings).toEqual([]);
});

test("init brings the schema that the recipe's first line names, and a hook that can be run", async () => {
  await init(folder, { template: "standard" }, session);
  const [first] = readFileSync(join(folder, "recipe.yaml"), "utf8").split("\n");
  expect(first).toBe("# yaml-language-server: $schema=recipe.schema.json");
  expect(JSON.parse(readFileSync(join(folder, "recipe.schema.json"), "utf8"))).toHaveProperty("properties.layers");
  expect(statSync(join(folder, "hooks/shorten-boot")).mode & 0o111).not.toBe(0);
  expect(existsSync(join(folder, "overlay/etc/motd"))).toBe(true);
});

test("init overwrites nothing, and writes nothing when it would have to", async () => {
  writeFileSync(join(folder, "recipe.yaml"), "mine");
  await expect(init(folder, { template: "standard" }, session)).rejects.toMatchObject({
    code: "refused",
    message: `already there, and not overwritten: ${folder}/recipe.yaml`,
  });
  expect(readFileSync(join(folder, "recipe.yaml"), "utf8")).toBe("mine");
  expect(existsSync(join(folder, "hooks"))).toBe(false);
});

test("init from an unknown template is refused with the one that was meant", async () => {
  await expect(init(folder, { template: "standrad" }, session)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/; did you mean standard\?$/u) as string,
  });
});

test("recipes lists name, suite and purpose, a line each", async () => {
  await recipes({ json: false }, session);
  expect(printed.join("\n").split("\n")[1]).toBe("minimal         bookworm  The least that boots to a login");
});

test("recipes --json prints one object", async () => {
  await recipes({ json: true }, session);
  const { recipes: rows } = JSON.parse(printed.join("")) as { recipes: readonly object[] };
  expect(rows[1]).toEqual({ name: "minimal", suite: "bookworm", description: "The least that boots to a login" });
});
