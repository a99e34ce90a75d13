import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lay } from "./dress.ts";
import type { MenuFile } from "./look.ts";
import { barPieces, biosSplash, boxPieces, uefiBackground, type BoxStyle } from "./pictures.ts";
import { fontFiles, loadTheme, type Theme } from "./theme.ts";
import { variantFolder, variants, type Variant } from "./variants.ts";

export interface Painting {
  /** The theme's folder. */
  readonly theme: string;
  /** Laid out as a medium's tree. */
  readonly tree: string;
  readonly signal: AbortSignal;
}

/** Write the pictures and fonts of both menus. */
export async function paint({ tree, signal, ...wish }: Painting): Promise<void> {
  const theme = await loadTheme(wish.theme);
  await lay([{ path: "isolinux/splash.png", content: await biosSplash(theme) }], { tree, signal });
  await lay(await fonts(theme), { tree, signal });
  for (const variant of variants) await lay(await grubPictures(theme, variant), { tree, signal });
}

const fonts = (theme: Theme): Promise<readonly MenuFile[]> =>
  Promise.all(
    fontFiles(theme).map(async (font) => ({
      path: `boot/grub/theme/${font}`,
      content: await readFile(join(theme.folder, "fonts", font)),
    })),
  );

async function grubPictures(theme: Theme, { name, size, unit }: Variant): Promise<readonly MenuFile[]> {
  const { colours } = theme;
  const round = (share: number): number => Math.round(unit * share);
  const style = (fill: string, edge: string, share: number): BoxStyle => ({ fill, edge, radius: round(share) });
  const boxes = {
    panel: await boxPieces(style(colours.paper, colours.edge, 0.4)),
    terminal: await boxPieces(style("#000000", colours.edge, 0.4)),
    thumb: await boxPieces(style(colours.edge, colours.edge, 0.12)),
    chosen: await barPieces(style(colours.chosen, colours.chosen, 0.2), unit),
  };
  const folder = variantFolder(name);
  return [
    { path: `${folder}/background.png`, content: await uefiBackground(theme, size) },
    ...Object.entries(boxes).flatMap(([box, pieces]) =>
      pieces.map(([piece, content]) => ({ path: `${folder}/${box}_${piece}.png`, content })),
    ),
  ];
}
