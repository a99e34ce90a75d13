import { readFileSync, statSync } from "node:fs";
import { expect, test } from "vitest";
import { programRoot } from "../../src/cli/about.ts";
import { filesHere, readRecipe } from "../../src/cli/recipe-source.ts";
import { shippedNames } from "../../src/recipe/chain.ts";

const names = shippedNames(filesHere());
const textOf = (name: string): string => readFileSync(`${programRoot}/recipes/${name}.yaml`, "utf8");

test("the recipes that ship are these", () => {
  expect(names).toEqual(["debian-builder", "minimal", "rescue", "standard", "xfce"]);
});

for (const name of names) {
  test(`${name} can be read without a warning, for every suite`, async () => {
    for (const suite of ["bookworm", "trixie", "sid"]) {
      const { recipe, shipped, warnings } = await readRecipe(name, [`suite=${suite}`]);
      expect({ name: recipe.name, suite: recipe.suite, shipped, warnings }).toEqual({
        name,
        suite,
        shipped: true,
        warnings: [],
      });
    }
  });

  test(`${name} is a page: at most 40 lines, the first for editors, then what it is`, () => {
    const [first, second, ...rest] = textOf(name).trimEnd().split("\n");
    expect(first).toBe("# yaml-language-server: $schema=recipe.schema.json");
    expect(second).toMatch(/^# \S/u);
    expect(rest.length + 2).toBeLessThanOrEqual(40);
  });

  test(`${name} says in a line what it is, and how the boot test can tell that it is that`, async () => {
    const { recipe } = await readRecipe(name, []);
    expect(recipe.description).toMatch(/^\S.{10,}/u);
    expect(recipe.checks.length).toBeGreaterThan(0);
  });

  test(`${name} makes user/live with sudo, locks root, and carries firmware unless it is minimal`, async () => {
    const { recipe } = await readRecipe(name, []);
    expect(recipe.user).toMatchObject({ name: "user", secret: { kind: "password", text: "live" }, sudo: true });
    expect(recipe.root).toEqual({ locked: true });
    expect(recipe.firmware).toBe(name !== "minimal");
    expect(recipe.components.includes("non-free-firmware")).toBe(name !== "minimal");
  });
}

test("standard has the ssh server's and the laptop's task, and wpasupplicant by name", async () => {
  const { recipe } = await readRecipe(undefined, []);
  expect(recipe.name).toBe("standard");
  expect(recipe.layers.flatMap(({ tasks }) => tasks)).toEqual(["task-ssh-server", "task-laptop"]);
  expect(recipe.layers.flatMap(({ packages }) => packages)).toContain("wpasupplicant");
  expect(recipe.installer).toMatchObject({ kind: "debian-installer", graphical: true, text: true, speech: true });
});

test("debian-builder builds from the builders' mirror and boots with the public one", async () => {
  const { recipe } = await readRecipe("debian-builder", []);
  expect(recipe.mirrors).toMatchObject({
    build: "http://cdbuilder.debian.org/debian/",
    image: "http://httpredir.debian.org/debian",
  });
});

test("a faulty file is refused with its name as it was typed, from any folder", async () => {
  await expect(readRecipe(`${programRoot}/package.json`, [])).rejects.toThrow(
    /^(.*\/)?package\.json:3:3: version .*|package\.json:/u,
  );
});

test("what is no file is refused", async () => {
  await expect(readRecipe("/dev/null", [])).rejects.toThrow("/dev/null:1:1: is not a file");
  await expect(readRecipe(`/${"x".repeat(5000)}`, [])).rejects.toThrow("is neither a recipe that ships");
});

test("the example hook is executable in the repository", () => {
  expect(statSync(`${programRoot}/recipes/template/hooks/shorten-boot`).mode & 0o111).toBe(0o111);
});
