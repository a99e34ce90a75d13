import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { basesOf, imagesNamed, openWorkshop } from "../../src/cli/workshop.ts";
import { ownOf } from "../../src/workshop/image.ts";
import { desk } from "../desk.ts";
import { livewright } from "../livewright.ts";

const table = desk();

async function lay(files: Readonly<Record<string, string>>): Promise<string> {
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(table.folder, name)), { recursive: true });
    await writeFile(join(table.folder, name), text);
  }
  return table.folder;
}

const recipe = (name: string, below: string, layer = name): string =>
  `name: ${name}\nextends: ${below}\nlayers: [{ name: ${layer}, packages: [hello] }]\n`;

/** The seed's tree, in both ways of keeping recipes. */
const seed = {
  "console/recipe.yaml": "name: console\nsuite: bookworm\nlayers: [{ name: console, packages: [nano] }]\n",
  "lightx.yaml": recipe("lightx", "console"),
  "smtp/recipe.yaml": recipe("smtp", "../console"),
  "fullx.yaml": recipe("fullx", "lightx.yaml"),
  "compose.yaml": "name: something else\nservices: {}\n",
  ".hidden.yaml": "suite: x\n",
};

test("a workshop is its recipes, files and folders, those that others stand on first", async () => {
  const images = await openWorkshop(await lay(seed));
  expect(images.map(({ name, layers }) => [name, layers.join("-")])).toEqual([
    ["console", "base-essential-console-settings"],
    ["lightx", "base-essential-console-lightx-settings"],
    ["smtp", "base-essential-console-smtp-settings"],
    ["fullx", "base-essential-console-lightx-fullx-settings"],
  ]);
});

test("an image owns what its recipe adds and its settings, and the lowest recipe brings base and essential", async () => {
  const [console, lightx] = await openWorkshop(await lay(seed));
  expect(ownOf(console!)).toEqual([
    "base",
    "base-essential",
    "base-essential-console",
    "base-essential-console-settings",
  ]);
  expect(ownOf(lightx!)).toEqual(["base-essential-console-lightx", "base-essential-console-lightx-settings"]);
});

test("images are called by their recipe, or by the modules they stand on, as in the seed", async () => {
  const images = await openWorkshop(await lay(seed));
  const named = imagesNamed(["base-essential-console-smtp", "lightx", "smtp"], images);
  expect(named.map(({ name }) => name)).toEqual(["lightx", "smtp"]);
  expect(basesOf(named, images).map(({ name }) => name)).toEqual(["console", "lightx", "smtp"]);
  expect(() => imagesNamed(["smpt", "ligthx"], images)).toThrow(
    "no recipe here is called smpt; did you mean smtp?\nno recipe here is called ligthx; did you mean lightx?",
  );
});

test("all faults of all recipes are told at once, with status 2", async () => {
  const folder = await lay({ "a.yaml": "name: a\nsuit: sid\nlayers: []\n", "b.yaml": "name: b\nsuite: 7\n" });
  const { status, stderr } = await livewright(["makefound", "--in", folder]);
  expect(status).toBe(2);
  expect(stderr).toMatch(/a\.yaml:2:1: suit is not a key[^]*b\.yaml:2:8: suite/);
});

test("recipes that extend each other in a circle are refused with the circle", async () => {
  const folder = await lay({ "a.yaml": recipe("a", "b.yaml"), "b.yaml": recipe("b", "a.yaml") });
  const { status, stderr } = await livewright(["makeall", "a", "--in", folder]);
  expect(status).toBe(2);
  expect(stderr).toContain("the recipe extends itself: ");
});

test("two recipes that would write the same modules are refused", async () => {
  const folder = await lay({
    ...seed,
    "other.yaml": recipe("other", "console", "smtp"),
    "plain.yaml": "name: plain\nextends: console\n",
  });
  await expect(openWorkshop(folder)).rejects.toMatchObject({
    code: "recipe-invalid",
    message: [
      "console and plain would both make base-essential-console-settings",
      "other and smtp would both make base-essential-console-smtp",
      "other and smtp would both make base-essential-console-smtp-settings",
    ].join("\n"),
  });
});

test.each([
  ["that is not there", "nowhere", /is not a folder/],
  ["without recipes", ".", /there is no recipe in/],
])("a folder %s is no workshop", async (_, name, says) => {
  await expect(openWorkshop(join(table.folder, name))).rejects.toMatchObject({
    message: expect.stringMatching(says) as string,
  });
});
