import { join } from "node:path";
import { expect, test } from "vitest";
import { capture } from "../../src/system/process.ts";
import { dressed, folder, themeFolder, themes } from "./folder.ts";
import { richRecipe } from "./recipes.ts";

const rich = richRecipe();
const signal = new AbortController().signal;
const odd = { name: "odd", title: `It's "x" \\ $(y) \`z\`; #&<>% {a} } fi`, arguments: ["a=$x`b`", "c=;#&<>(){}|*"] };

test.each([
  ["a rich recipe", rich],
  ["titles and arguments full of GRUB's own signs", richRecipe({ menu: { ...rich.menu, entries: [odd] } })],
  ["neither serial line nor installer", richRecipe({ console: {}, installer: { kind: "none" } })],
])("GRUB's own parser accepts its menus: %s", async (_, recipe) => {
  await using tree = await folder();
  await dressed(recipe, tree.path);
  for (const name of ["grub.cfg", "loopback.cfg", "esp-grub.cfg"])
    await capture({ tool: "grub-script-check", args: [join(tree.path, "boot/grub", name)], signal });
});

test.each(themes)("dressing twice with %s gives the same bytes", async (name) => {
  await using one = await folder();
  await using other = await folder();
  await dressed(rich, one.path, themeFolder(name));
  await dressed(rich, other.path, themeFolder(name));
  const differing = await capture({ tool: "diff", args: ["-rq", one.path, other.path], signal, accept: [1] });
  expect(differing).toBe("");
});
