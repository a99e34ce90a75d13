import { readFile } from "node:fs/promises";
import { join } from "node:path";
import sharp, { type Region, type Sharp } from "sharp";
import { Failure } from "../failure.ts";
import { panelBox } from "./frame.ts";
import type { Theme } from "./theme.ts";

export interface Size {
  readonly width: number;
  readonly height: number;
}

/** Fixed encoder settings: the same picture has the same bytes wherever it is made. Level 9 takes three times as long for 6 % less. */
const png = { compressionLevel: 7, adaptiveFiltering: false } as const;
/** Bytes that any medium reads at once: drawings take less at the largest size, photographs many times as much. */
const small = 256 * 1024;
/** 256 colours keep a photograph small on slow media; both boot loaders read palettes, but GRUB no transparency in them. */
const palette = { ...png, palette: true, colours: 256, dither: 0.6, effort: 10 } as const;

/** isolinux shows 640×480 and paints the menu's panel nowhere, so it is part of the picture. */
export async function biosSplash(theme: Theme): Promise<Buffer> {
  const size = { width: 640, height: 480 };
  const { left, top, width, height } = panelBox(theme.panel);
  const { paper: fill, edge } = theme.colours;
  const panel = `<g transform="translate(${String(left)} ${String(top)})">${box({ fill, edge, radius: 8 }, { width, height })}</g>`;
  return drawn(theme, size, async (scene) => {
    const picture = scene.composite([{ input: svg(size, panel) }]);
    // vesamenu's reader takes palettes; 256 colours keep the file small on slow media.
    return sharp(await picture.png().toBuffer())
      .png({ ...png, palette: true, colours: 256, dither: 0.6 })
      .toBuffer();
  });
}

/** What lies behind GRUB's menu. GRUB paints the panel itself, so that it fits whatever the screen's size. */
export const uefiBackground = (theme: Theme, size: Size): Promise<Buffer> =>
  drawn(theme, size, async (scene) => {
    const picture = scene.removeAlpha();
    const exact = await picture.clone().png(png).toBuffer();
    return exact.length <= small ? exact : picture.png(palette).toBuffer();
  });

/** A theme's own picture may be broken, which shows when it is drawn. */
async function drawn(theme: Theme, size: Size, draw: (scene: Sharp) => Promise<Buffer>): Promise<Buffer> {
  try {
    return await draw(await scene(theme, size));
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("recipe-invalid", `${join(theme.folder, theme.splash)} cannot be drawn: ${why}`, {
      remedy: "a splash is an SVG or PNG picture: see whether another program shows it",
      cause,
    });
  }
}

export interface BoxStyle {
  readonly fill: string;
  readonly edge: string;
  /** Of the corners, in pixels. */
  readonly radius: number;
}

export type Pieces = readonly (readonly [name: string, picture: Buffer])[];

/** The nine pieces of a rounded box, from which GRUB makes one of any size, by their compass names. */
export function boxPieces(style: BoxStyle): Promise<Pieces> {
  const { radius } = style;
  const places = ["n", "", "s"].flatMap((vertical, row) =>
    ["w", "", "e"].map((horizontal, column) => ({ name: vertical + horizontal || "c", row, column })),
  );
  const cut = places.map(({ name, row, column }) => ({
    name,
    at: { left: column * radius, top: row * radius, width: radius, height: radius },
  }));
  return cutUp(
    svg({ width: 3 * radius, height: 3 * radius }, box(style, { width: 3 * radius, height: 3 * radius })),
    cut,
  );
}

/** A rounded bar of one height in three pieces. It has no upper and lower ones, for which GRUB would move its text. */
export function barPieces(style: BoxStyle, height: number): Promise<Pieces> {
  const { radius } = style;
  const cut = ["w", "c", "e"].map((name, column) => ({
    name,
    at: { left: column * radius, top: 0, width: radius, height },
  }));
  return cutUp(svg({ width: 3 * radius, height }, box(style, { width: 3 * radius, height })), cut);
}

async function cutUp(
  drawing: Buffer,
  places: readonly { readonly name: string; readonly at: Region }[],
): Promise<Pieces> {
  const { data, info: raw } = await sharp(drawing).ensureAlpha().raw().toBuffer({ resolveWithObject: true });
  return Promise.all(
    places.map(async ({ name, at }) => [name, await sharp(data, { raw }).extract(at).png(png).toBuffer()] as const),
  );
}

/** A hairline of the edge's colour around the fill: an eighth of the radius, at least one pixel. */
function box({ fill, edge, radius }: BoxStyle, { width, height }: Size): string {
  const line = Math.max(1, Math.round(radius / 8));
  const rect = (inset: number, colour: string): string =>
    `<rect x="${String(inset)}" y="${String(inset)}" width="${String(width - 2 * inset)}" height="${String(height - 2 * inset)}" rx="${String(radius - inset)}" fill="${colour}"/>`;
  return rect(0, edge) + (fill === edge ? "" : rect(line, fill));
}

/** The theme's picture, filling the screen; what does not fit is cut at the sides. */
async function scene({ folder, splash, colours }: Theme, size: Size): Promise<Sharp> {
  const art = await readFile(join(folder, splash));
  const density = splash.endsWith(".svg") ? { density: await sharpness(art, size) } : {};
  return sharp(art, density)
    .resize(size.width, size.height, { fit: "cover", position: "centre", kernel: "lanczos3" })
    .flatten({ background: colours.ground });
}

/** Draw vectors at the size at which they are shown: 72 is one pixel a unit. */
async function sharpness(art: Buffer, { width, height }: Size): Promise<number> {
  const drawn = await sharp(art, { density: 72 }).metadata();
  return Math.max(72 * Math.max(width / drawn.width, height / drawn.height), 1);
}

const svg = ({ width, height }: Size, content: string): Buffer =>
  Buffer.from(
    `<svg xmlns="http://www.w3.org/2000/svg" width="${String(width)}" height="${String(height)}">${content}</svg>`,
  );
