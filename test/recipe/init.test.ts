import { existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { init } from "../../src/cli/init.ts";
import { readRecipe } from "../../src/cli/recipe-source.ts";
import { recipes } from "../../src/cli/recipes.ts";
import { desk } from "../desk.ts";

const at = desk();

test("init writes a recipe that can be built as it is, named after its folder", async () => {
  const target = join(at.folder, "Physics & 'Lab 2'");
  await init(target, { template: "minimal" }, at.session);
  const { recipe, roots, warnings } = await readRecipe(target, []);
  expect(at.printed).toEqual([join(target, "recipe.yaml")]);
  expect(recipe).toMatchObject({ name: "physics-lab-2", suite: "bookworm", menu: { title: "Physics-lab-2" } });
  expect(recipe.layers.map(({ name }) => name)).toEqual(["minimal", "own"]);
  expect(recipe.layers[1]?.hooks).toEqual([{ at: "source", root: "recipe", path: "hooks/shorten-boot" }]);
  expect(roots["recipe"]).toBe(target);
  expect(warnings).toEqual([]);
});

test("init brings the schema that the recipe's first line names, and a hook that can be run", async () => {
  await init(at.folder, { template: "standard" }, at.session);
  const [first] = readFileSync(join(at.folder, "recipe.yaml"), "utf8").split("\n");
  expect(first).toBe("# yaml-language-server: $schema=recipe.schema.json");
  expect(JSON.parse(readFileSync(join(at.folder, "recipe.schema.json"), "utf8"))).toHaveProperty("properties.layers");
  expect(statSync(join(at.folder, "hooks/shorten-boot")).mode & 0o111).not.toBe(0);
  expect(existsSync(join(at.folder, "overlay/etc/motd"))).toBe(true);
});

test("init overwrites nothing, and writes nothing when it would have to", async () => {
  writeFileSync(join(at.folder, "recipe.yaml"), "mine");
  await expect(init(at.folder, { template: "standard" }, at.session)).rejects.toMatchObject({
    code: "refused",
    message: `already there, and not overwritten: ${at.folder}/recipe.yaml`,
  });
  expect(readFileSync(join(at.folder, "recipe.yaml"), "utf8")).toBe("mine");
  expect(existsSync(join(at.folder, "hooks"))).toBe(false);
});

test("init from an unknown template is refused with the one that was meant", async () => {
  await expect(init(at.folder, { template: "standrad" }, at.session)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(/; did you mean standard\?$/u) as string,
  });
});

test("recipes lists name, suite and purpose, a line each", async () => {
  await recipes({ json: false }, at.session);
  expect(at.printed.join("\n").split("\n")[1]).toBe("minimal         bookworm  The least that boots to a login");
});

test("recipes --json prints one object", async () => {
  await recipes({ json: true }, at.session);
  const { recipes: rows } = JSON.parse(at.printed.join("")) as { recipes: readonly object[] };
  expect(rows[1]).toEqual({ name: "minimal", suite: "bookworm", description: "The least that boots to a login" });
});
