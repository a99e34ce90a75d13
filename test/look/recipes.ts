import type { Recipe } from "../../src/recipe/recipe.ts";
import { load } from "../recipe/desk.ts";

const text = `
name: rich
version: "1"
suite: bookworm
hostname: live
menu:
  title: Debian Live 12 Standard
  languages:
    - { title: Deutsch, locale: de_DE.UTF-8, layout: de }
    - { title: Espanol, locale: es_ES.UTF-8, layout: es }
    - { title: Francais, locale: fr_FR.UTF-8, layout: fr }
  entries: [{ name: kiosk, title: Kiosk for the lobby, arguments: [kiosk=1] }]
installer: { kind: debian-installer, graphical: true, text: true, speech: true, preseed: preseed.cfg }
`;

/** A recipe with everything a menu can show. */
export function richRecipe(change: Partial<Recipe> = {}): Recipe {
  return { ...load(text, { files: { "/desk/preseed.cfg": "" } }).recipe, ...change };
}

export const memtest = { bios: "/boot/memtest86+x64.bin", efi: "/boot/memtest86+x64.efi" };
export const marker = "/.disk/livewright-0123456789abcdef";
