import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { grubThemeString } from "./escape.ts";
import type { Look, MenuFile } from "./look.ts";
import { barPieces, boxPieces, uefiBackground, type BoxStyle } from "./pictures.ts";
import { render } from "./templates.ts";
import { fontFiles, type FontUse } from "./theme.ts";
import { nearestFont, variants, type Variant } from "./variants.ts";

/** How GRUB's menu looks, in several sizes, and its fonts. */
export async function grubTheme(look: Look): Promise<readonly MenuFile[]> {
  const { folder } = look.theme;
  const fonts = fontFiles(look.theme).map(async (font) => ({
    path: `boot/grub/theme/${font}`,
    content: await readFile(join(folder, "fonts", font)),
  }));
  const sizes = variants.map((variant) => variantFiles(look, variant));
  return [...(await Promise.all(sizes)).flat(), ...(await Promise.all(fonts))];
}

async function variantFiles({ menu, theme, folders }: Look, variant: Variant): Promise<readonly MenuFile[]> {
  const { name, size, unit } = variant;
  const { colours, words, panel, fonts } = theme;
  const font = (pixels: number, use: FontUse = "menu"): string =>
    `${fonts[use].name} ${nearestFont(Object.keys(fonts[use].files), pixels)}`;
  const content = await render(
    folders.grub,
    "theme.txt.ejs",
    { menu, colours, words, panel, unit, font, countdown: grubThemeString(words.countdown).replace("#", "%d") },
    grubThemeString,
  );
  const round = (share: number): number => Math.round(unit * share);
  const style = (fill: string, edge: string, share: number): BoxStyle => ({ fill, edge, radius: round(share) });
  const boxes = {
    panel: await boxPieces(style(colours.paper, colours.edge, 0.4)),
    terminal: await boxPieces(style("#000000", colours.edge, 0.4)),
    thumb: await boxPieces(style(colours.edge, colours.edge, 0.12)),
    chosen: await barPieces(style(colours.chosen, colours.chosen, 0.2), unit),
  };
  const folder = `boot/grub/theme/${name}`;
  return [
    { path: `${folder}/theme.txt`, content },
    { path: `${folder}/background.png`, content: await uefiBackground(theme, size) },
    ...Object.entries(boxes).flatMap(([box, pieces]) =>
      pieces.map(([piece, content]) => ({ path: `${folder}/${box}_${piece}.png`, content })),
    ),
  ];
}
