import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { grubArgument, grubThemeString, grubWord } from "./escape.ts";
import { nearestFont, variants, type Variant } from "./variants.ts";
import type { Look, MenuFile } from "./look.ts";
import type { FontUse } from "./theme.ts";
import { barPieces, boxPieces, uefiBackground, type BoxStyle } from "./pictures.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";

/** UEFI: GRUB's menu, its theme in several sizes, and the snippet by which GRUB finds this very medium. */
export async function grubFiles(look: Look): Promise<readonly MenuFile[]> {
  const { menu, marker, theme, folders } = look;
  const fonts = [...Object.values(theme.fonts.menu.files), ...Object.values(theme.fonts.terminal.files)].sort();
  const data = { menu, entries: menu.entries, marker, fonts, variants, serial: serialPort(menu.serial) };
  const script = (name: string): Promise<string> =>
    render(folders.grub, `${name}.ejs`, { ...data, argument: grubArgument }, grubWord);
  return [
    { path: "boot/grub/grub.cfg", content: await script("grub.cfg") },
    { path: "boot/grub/loopback.cfg", content: await script("loopback.cfg") },
    { path: "boot/grub/esp-grub.cfg", content: await script("esp-grub.cfg") },
    ...(await Promise.all(variants.map((variant) => variantFiles(look, variant)))).flat(),
    ...(await Promise.all(
      fonts.map(async (font) => ({
        path: `boot/grub/theme/${font}`,
        content: await readFile(join(theme.folder, "fonts", font)),
      })),
    )),
  ];
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
