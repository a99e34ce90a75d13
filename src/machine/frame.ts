/** A picture of the guest's screen, three bytes a pixel. */
export interface Frame {
  readonly width: number;
  readonly height: number;
  readonly pixels: Uint8Array;
}

/** Read a binary PPM, which is what QEMU's `screendump` writes. Undefined when it is not (yet) a whole one. */
export function decodePpm(file: Uint8Array): Frame | undefined {
  const head = /^P6\s+(\d+)\s+(\d+)\s+255\s/.exec(Buffer.from(file.subarray(0, 64)).toString("latin1"));
  if (head === null) return undefined;
  const [width, height] = [Number(head[1]), Number(head[2])];
  const pixels = file.subarray(head[0].length);
  return pixels.length === width * height * 3 ? { width, height, pixels } : undefined;
}

/** More pixels than a blinking text cursor has, fewer than any highlighted line of a menu. */
const cursor = 150;

/** The same picture, but for a cursor that blinks. */
export const alike = (a: Frame, b: Frame): boolean => distance(a, b) <= cursor;

/** How many pixels differ. */
export function distance(a: Frame, b: Frame): number {
  if (a.width !== b.width || a.height !== b.height) return Infinity;
  if (Buffer.compare(a.pixels, b.pixels) === 0) return 0;
  let count = 0;
  for (let at = 0; at < a.pixels.length; at += 3)
    if (a.pixels[at] !== b.pixels[at] || a.pixels[at + 1] !== b.pixels[at + 1] || a.pixels[at + 2] !== b.pixels[at + 2])
      count++;
  return count;
}

export type Look = "blank" | "text" | "picture";

/** A text console is nearly all black, with something on it; a menu or a desktop is not. */
export function look({ pixels }: Frame): Look {
  let lit = 0;
  for (let at = 0; at < pixels.length; at += 3)
    if ((pixels[at] ?? 0) + (pixels[at + 1] ?? 0) + (pixels[at + 2] ?? 0) > 90) lit++;
  if (lit <= cursor) return "blank";
  return lit < pixels.length / 3 / 4 ? "text" : "picture";
}
