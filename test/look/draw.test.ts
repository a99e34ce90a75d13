import { cp, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { draw } from "../../src/look/draw.ts";
import { scratch } from "../build/plant.ts";

const root = join(import.meta.dirname, "../..");
const painter = join(root, "dist/parts/painter.js");
const never = new AbortController().signal;

test("a theme's pictures are drawn by another process", async () => {
  await using place = await scratch();
  await draw({ painter, theme: join(root, "themes/calm"), tree: place.path, signal: never });
  expect(await readdir(join(place.path, "isolinux"))).toEqual(["splash.png"]);
});

test("what goes wrong there is told as if it had gone wrong here", async () => {
  await using place = await scratch();
  const theme = join(place.path, "theme");
  await cp(join(root, "themes/calm"), theme, { recursive: true });
  const file = join(theme, "theme.yaml");
  await expect(draw({ painter, theme, tree: file, signal: never })).rejects.toMatchObject({
    code: "ENOTDIR",
    path: expect.stringContaining(file) as string,
  });

  await rm(join(theme, "fonts"), { recursive: true });
  await expect(draw({ painter, theme, tree: place.path, signal: never })).rejects.toMatchObject({
    name: "Failure",
    code: "recipe-invalid",
    message: expect.stringContaining("fonts/") as string,
  });
});

test("a picture that cannot be drawn is told by its name", async () => {
  await using place = await scratch();
  const theme = join(place.path, "theme");
  await cp(join(root, "themes/calm"), theme, { recursive: true });
  const splash = join(theme, "splash.svg");
  await writeFile(splash, '<svg xmlns="http://www.w3.org/2000/svg" width="10" height="10"><path d="M0');
  await expect(draw({ painter, theme, tree: place.path, signal: never })).rejects.toMatchObject({
    code: "recipe-invalid",
    message: expect.stringContaining(`${splash} cannot be drawn`) as string,
  });
});

test("a painter that is not there is no painter that has drawn", async () => {
  await using place = await scratch();
  const theme = join(root, "themes/calm");
  await expect(draw({ painter: "/no/such/painter.js", theme, tree: place.path, signal: never })).rejects.toMatchObject({
    code: "step-failed",
  });
});

test("drawing ends with a stop", async () => {
  await using place = await scratch();
  const stop = new AbortController();
  const drawing = draw({ painter, theme: join(root, "themes/calm"), tree: place.path, signal: stop.signal });
  stop.abort(new Error("stopped"));
  await expect(drawing).rejects.toThrow();
});
