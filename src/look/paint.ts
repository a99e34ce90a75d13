import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { lay } from "./dress.ts";
import type { MenuFile } from "./look.ts";
import { barPieces, biosSplash, boxPieces, uefiBackground, type BoxStyle, type Pieces } from "./pictures.ts";
import { fontFiles, loadTheme, type Theme } from "./theme.ts";
import { variantFolder, variants, type Variant } from "./variants.ts";

export interface Painting {
  /** The theme's folder. */
  readonly theme: string;
  /** Laid out as a medium's tree. */
  readonly tree: string;
  readonly signal: AbortSignal;
}

/** Write the pictures and fonts of both menus. All are drawn at once, for most of the work is one thread's in each, and each written when it is there. */
export async function paint({ tree, signal, ...wish }: Painting): Promise<void> {
  const theme = await loadTheme(wish.theme);
  const splash = async (): Promise<readonly MenuFile[]> => [
    { path: "isolinux/splash.png", content: await biosSplash(theme) },
  ];
  const drawn = [...variants.flatMap((variant) => grubPictures(theme, variant)), splash(), fonts(theme)];
  await Promise.all(drawn.map(async (files) => lay(await files, { tree, signal })));
}

const fonts = (theme: Theme): Promise<readonly MenuFile[]> =>
  Promise.all(
    fontFiles(theme).map(async (font) => ({
      path: `boot/grub/theme/${font}`,
      content: await readFile(join(theme.folder, "fonts", font)),
    })),
  );

function grubPictures(theme: Theme, { name, size, unit }: Variant): readonly Promise<readonly MenuFile[]>[] {
  const { colours } = theme;
  const round = (share: number): number => Math.round(unit * share);
  const style = (fill: string, edge: string, share: number): BoxStyle => ({ fill, edge, radius: round(share) });
  const folder = variantFolder(name);
  const pieces = async (box: string, drawing: Promise<Pieces>): Promise<readonly MenuFile[]> =>
    (await drawing).map(([piece, content]) => ({ path: `${folder}/${box}_${piece}.png`, content }));
  const background = async (): Promise<readonly MenuFile[]> => [
    { path: `${folder}/background.png`, content: await uefiBackground(theme, size) },
  ];
  return [
    background(),
    pieces("panel", boxPieces(style(colours.paper, colours.edge, 0.4))),
    pieces("terminal", boxPieces(style("#000000", colours.edge, 0.4))),
    pieces("thumb", boxPieces(style(colours.edge, colours.edge, 0.12))),
    pieces("chosen", barPieces(style(colours.chosen, colours.chosen, 0.2), unit)),
  ];
}
