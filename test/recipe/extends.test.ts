import { expect, test } from "vitest";
import { loadRecipe } from "../../src/recipe/load.ts";
import { faultsOf, load, sourceOf, type Files } from "./desk.ts";

const over = (rest: string, files: Files = {}) => load(`name: demo\nextends: full\n${rest}\n`, { files }).recipe;

test("what a recipe says of itself replaces what the extended one says", () => {
  const recipe = over("suite: sid\nkernel: { arguments: [nosplash] }");
  expect(recipe).toMatchObject({ name: "demo", suite: "sid", firmware: true, kernel: { arguments: ["nosplash"] } });
});

test("layers come after those of the extended recipe", () => {
  const { layers } = over("layers: [{ name: second, packages: [htop] }]");
  expect(layers.map(({ name }) => name)).toEqual(["first", "second"]);
});

test("maps merge key by key", () => {
  expect(over("user: { name: pupil }").user).toMatchObject({
    name: "pupil",
    secret: { kind: "password", text: "live" },
  });
});

test("a key takes with it what it makes meaningless", () => {
  const recipe = over(
    "user: { password-hash: $6$abcdefghijklmnopqrstuvwx }\nkeyboard: { layout: fr }\nsquashfs: { compression: xz }",
  );
  expect(recipe.user.secret.kind).toBe("hash");
  expect(recipe.keyboard).toMatchObject({ layout: "fr", variant: "" });
  expect(recipe.squashfs).not.toHaveProperty("level");
});

test("another compression takes the dictionary with it", () => {
  const files = { "/desk/xz.yaml": "name: xz\nsuite: sid\nsquashfs: { compression: xz, dictionary: 1M }\n" };
  const { recipe } = load("name: demo\nextends: xz.yaml\nsquashfs: { compression: zstd }\n", { files });
  expect(recipe.squashfs).not.toHaveProperty("dictionary");
});

test("a file is extended as seen from the one that extends it, and its paths are its folder's", () => {
  const files = {
    "/desk/common/base.yaml": "name: base\nextends: ../lower.yaml\nlayers: [{ name: b, hooks: [hooks/x] }]\n",
    "/desk/common/hooks/x": "#!",
    "/desk/lower.yaml": "name: lower\nextends: plain\nlayers: [{ name: a, files: over }]\n",
    "/desk/over/": "",
  };
  const { recipe, roots } = load("name: demo\nextends: common/base.yaml\n", { files });
  expect(recipe.layers).toMatchObject([
    { name: "a", files: { root: "lower", path: "over" } },
    { name: "b", hooks: [{ root: "base", path: "hooks/x" }] },
  ]);
  expect(roots).toMatchObject({ recipe: "/desk", base: "/desk/common", lower: "/desk" });
});

test("two folders whose recipes share a name are told apart", () => {
  const files = { "/desk/sub/recipe.yaml": "name: sub\nlayers: [{ name: a, files: o }]\n", "/desk/sub/o/": "" };
  const { recipe, roots } = load("name: demo\nextends: sub\n", { files });
  expect(roots).toMatchObject({ recipe: "/desk/sub", "recipe-2": "/desk" });
  expect(recipe.layers[0]?.files).toMatchObject({ root: "recipe" });
});

test("a layer names its files alike in the recipe that brings it and in those that extend that one", () => {
  const files = {
    "/desk/sub/recipe.yaml": "name: sub\nsuite: sid\nlayers: [{ name: a, files: o }]\n",
    "/desk/sub/o/": "",
  };
  const above = load("name: demo\nextends: sub\n", { files });
  const itself = loadRecipe({ name: "sub", sets: [], read: sourceOf(files) });
  expect(above.recipe.layers).toEqual(itself.recipe.layers);
  expect([above.extended, itself.extended]).toEqual([["/desk/sub/recipe.yaml"], []]);
});

test("recipes that extend each other in a circle are refused with the circle", () => {
  const files = { "/desk/a.yaml": "name: a\nextends: recipe.yaml\n" };
  expect(faultsOf("name: demo\nextends: a.yaml\n", { files })).toEqual([
    "a.yaml:2:10: the recipe extends itself: recipe.yaml → a.yaml → recipe.yaml",
  ]);
});

test("a fault of an extended recipe is told in its file", () => {
  const files = { "/desk/a.yaml": "name: a\nsuit: sid\nlayers: [{ name: first }]\n" };
  expect(faultsOf("name: demo\nextends: a.yaml\nlayers: [{ name: first }]\n", { files })).toEqual([
    "a.yaml:2:1: suit is not a key of a recipe; did you mean suite?",
    "recipe.yaml:3:18: layers[1].name: there is a layer first already, in a.yaml:3",
  ]);
});
