import type { Size } from "./pictures.ts";

/** GRUB's theme drawn for one range of screens. */
export interface Variant {
  readonly name: string;
  /** Of the background. */
  readonly size: Size;
  /** Pixels of what is one row of a BIOS screen, 16 pixels there. */
  readonly unit: number;
  /** Screen modes it is for, best first. */
  readonly modes: readonly string[];
}

/**
 * Modes are tried in this order, so the one that gets shown is known. Moderate ones first: a dense display then scales
 * the picture up, and letters are large enough; displays that offer none of them get larger letters instead.
 */
export const variants: readonly Variant[] = [
  { name: "medium", size: { width: 1920, height: 1080 }, unit: 32, modes: ["1920x1080", "1920x1200", "1600x1200"] },
  {
    name: "large",
    size: { width: 2560, height: 1600 },
    unit: 48,
    modes: ["2560x1600", "2560x1440", "2880x1800", "3840x2160", "3840x2400", "3200x1800", "3000x2000"],
  },
  {
    name: "small",
    size: { width: 1024, height: 768 },
    unit: 24,
    modes: ["1280x800", "1366x768", "1280x1024", "1280x720", "1440x900", "1024x768", "800x600"],
  },
];

/** The size among those of the theme's fonts that comes nearest. */
export const nearestFont = (sizes: readonly string[], pixels: number): string =>
  [...sizes].sort((a, b) => Math.abs(Number(a) - pixels) - Math.abs(Number(b) - pixels))[0] ?? String(pixels);
