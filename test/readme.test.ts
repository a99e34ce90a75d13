import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRecipe } from "../src/cli/recipe-source.ts";
import { checkout, livewright } from "./livewright.ts";
import { recipeFolder } from "./workshop.ts";

const readme = readFileSync(join(checkout, "README.md"), "utf8");
const blocks = (language: string): readonly string[] =>
  [...readme.matchAll(new RegExp(`^\`\`\`${language}\\n([\\s\\S]*?)^\`\`\`$`, "gm"))].map((match) => match[1] ?? "");

test("the recipe in the README is one", async () => {
  await using folder = await recipeFolder({
    "recipe.yaml": blocks("yaml")[0] ?? "",
    "overlay/etc/motd": "welcome\n",
    "hooks/shorten-boot": "#!/bin/sh\n",
  });
  const { recipe } = await readRecipe(join(folder.path, "recipe.yaml"), []);
  expect(recipe.layers.map(({ name }) => name)).toEqual(["standard", "portable", "lessons"]);
  expect(recipe.checks).toContain("htop --version");
});

const commands = [
  ...new Set(
    blocks("")
      .join("")
      .match(/(?<=npx livewright ).*/g),
  ),
].map((line) => line.replace(/ *#.*/, ""));

test.each(commands)("livewright %s is a command, and its options are too", async (line) => {
  const [name = "", ...words] = line.split(/\s+/);
  const help = await livewright([name, "--help"]);
  expect(help.status).toBe(0);
  for (const option of words.filter((word) => word.startsWith("-"))) expect(help.stdout).toContain(option);
});

test("the scripts and files that the README names are there", () => {
  const { scripts } = JSON.parse(readFileSync(join(checkout, "package.json"), "utf8")) as { scripts: object };
  expect(Object.keys(scripts)).toEqual(expect.arrayContaining(["start", "test"]));
  const links = [...readme.matchAll(/\]\(([^)#:]+)\)/g)].map((match) => match[1] ?? "");
  expect(links.length).toBeGreaterThan(6);
  expect(links.filter((path) => !existsSync(join(checkout, path)))).toEqual([]);
});
