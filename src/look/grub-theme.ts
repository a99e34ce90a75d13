import { grubThemeString } from "./escape.ts";
import type { Look, MenuFile } from "./look.ts";
import { render } from "./templates.ts";
import type { FontUse } from "./theme.ts";
import { nearestFont, variantFolder, variants, type Variant } from "./variants.ts";

/** How GRUB's menu looks, in several sizes: where its pictures go, which fonts, what is said. */
export const grubThemes = (look: Look): Promise<readonly MenuFile[]> =>
  Promise.all(variants.map((variant) => grubTheme(look, variant)));

async function grubTheme({ menu, theme, folders }: Look, { name, unit }: Variant): Promise<MenuFile> {
  const { colours, words, panel, fonts } = theme;
  const font = (pixels: number, use: FontUse = "menu"): string =>
    `${fonts[use].name} ${nearestFont(Object.keys(fonts[use].files), pixels)}`;
  const content = await render(
    folders.grub,
    "theme.txt.ejs",
    { menu, colours, words, panel, unit, font, countdown: grubThemeString(words.countdown).replace("#", "%d") },
    grubThemeString,
  );
  return { path: `${variantFolder(name)}/theme.txt`, content };
}
