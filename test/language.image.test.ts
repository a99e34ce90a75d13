import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtLayer, recipeFolder } from "./workshop.ts";

/** The settings' locale-archive of a recipe whose own layer runs a hook before, and whether they compiled it themselves. */
async function compiled(hook: string): Promise<{ readonly archive: Buffer; readonly bySettings: boolean }> {
  await using folder = await recipeFolder({
    "recipe.yaml":
      "name: speaking\nextends: minimal\nlocale: en_US.UTF-8\nlayers: [{ name: own, hooks: [hooks/own] }]\n",
    "hooks/own": `#!/bin/sh\n# At ${String(Date.now())}: no earlier run has made this.\nset -eu\n${hook}\n`,
  });
  const { tree, log } = await builtLayer(join(folder.path, "recipe.yaml"), "settings");
  const archive = await readFile(join(tree, "usr/lib/locale/locale-archive"));
  return { archive, bySettings: /layer-settings.*Generating locales/.test(log) };
}

test("a locale compiled before the layers above were there is what it would be on top of them", async () => {
  const beforehand = await compiled("true");
  // Another locale's source: what was compiled beforehand is not taken, and nothing else is different.
  const anew = await compiled('echo "% a comment" >> "$1/usr/share/i18n/locales/en_GB"');
  expect([beforehand.bySettings, anew.bySettings]).toEqual([false, true]);
  expect(anew.archive.equals(beforehand.archive)).toBe(true);
});

test("a locale whose source a layer changes is compiled of that", async () => {
  const changed = await compiled('sed -i "s/USD /XAU /" "$1/usr/share/i18n/locales/en_US"');
  expect(changed.archive.includes("XAU ")).toBe(true);
});
