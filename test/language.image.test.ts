import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { builtLayer, recipeFolder } from "./workshop.ts";

interface Spoken {
  readonly locale: Buffer;
  readonly keymap: Buffer;
  /** What the settings made themselves, as they say it. */
  readonly anew: readonly string[];
}

/** The settings' locale-archive and keymap of a recipe whose own layer runs a hook before. */
async function compiled(hook: string): Promise<Spoken> {
  await using folder = await recipeFolder({
    "recipe.yaml":
      "name: speaking\nextends: minimal\nlocale: en_US.UTF-8\nkeyboard: { layout: de }\nlayers: [{ name: own, hooks: [hooks/own] }]\n",
    "hooks/own": `#!/bin/sh\n# At ${String(Date.now())}: no earlier run has made this.\nset -eu\n${hook}\n`,
  });
  const { tree, log } = await builtLayer(join(folder.path, "recipe.yaml"), "settings");
  return {
    locale: await readFile(join(tree, "usr/lib/locale/locale-archive")),
    keymap: await readFile(join(tree, "etc/console-setup/cached_UTF-8_del.kmap.gz")),
    anew: [...log.matchAll(/^layer-settings: compiling the (\S+) anew/gm)].map(([, what]) => what ?? ""),
  };
}

test("a locale and a keymap compiled before the layers above were there are what they would be on top of them", async () => {
  const beforehand = await compiled("true");
  // What nothing else is different by: another locale's source, and a comment in a layout.
  const anew = await compiled(`
    echo "% a comment" >> "$1/usr/share/i18n/locales/en_GB"
    echo "// a comment" >> "$1/usr/share/X11/xkb/symbols/de"`);
  expect([beforehand.anew, anew.anew]).toEqual([[], ["locale", "keymap"]]);
  expect(anew.locale.equals(beforehand.locale)).toBe(true);
  expect(anew.keymap.equals(beforehand.keymap)).toBe(true);
});

test("a locale whose source a layer changes is compiled of that, and so is a keymap", async () => {
  const changed = await compiled(`
    sed -i "s/USD /XAU /" "$1/usr/share/i18n/locales/en_US"
    sed -i "s/udiaeresis/at/" "$1/usr/share/X11/xkb/symbols/de"`);
  expect(changed.locale.includes("XAU ")).toBe(true);
  const plain = await compiled("true");
  expect(changed.keymap.equals(plain.keymap)).toBe(false);
});

test.each([
  ["the C library", ["locale"], 'for libc in "$1"/usr/lib/*/libc.so.6; do echo >> "$libc"; done'],
  ["the console's rules", ["keymap"], 'echo " XKBRULES=base" >> "$1/etc/default/console-setup"'],
])("%s is part of what is compared", async (_what, anew, hook) => {
  expect((await compiled(hook)).anew).toEqual(anew);
});
