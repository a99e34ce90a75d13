import type { Size } from "./pictures.ts";

/** GRUB's theme drawn for one range of screens. */
export interface Variant {
  readonly name: string;
  /** Of the background: wide, so that narrower screens cut only its sides. */
  readonly size: Size;
  /** Pixels of what is one row of a BIOS screen, 16 pixels there. */
  readonly unit: number;
  /** Screen modes it is for, best first. */
  readonly modes: readonly string[];
}

export const variants: readonly Variant[] = [
  {
    name: "medium",
    size: { width: 1920, height: 1080 },
    unit: 36,
    modes: ["1920x1080", "1920x1200", "1680x1050", "1600x900", "1600x1200"],
  },
  {
    name: "large",
    size: { width: 2560, height: 1440 },
    unit: 48,
    modes: ["2560x1440", "2560x1600", "2048x1536", "2880x1800", "3000x2000"],
  },
  {
    name: "huge",
    size: { width: 3840, height: 2160 },
    unit: 72,
    modes: ["3840x2160", "3840x2400", "3200x2000", "3200x1800", "5120x2880"],
  },
  {
    name: "small",
    size: { width: 1366, height: 768 },
    unit: 24,
    modes: ["1280x800", "1280x720", "1366x768", "1440x900", "1280x1024", "1024x768", "800x600"],
  },
];

/** Where a variant lies in a medium's tree. */
export const variantFolder = (name: string): string => `boot/grub/theme/${name}`;

/** The size among those of the theme's fonts that comes nearest. */
export const nearestFont = (sizes: readonly string[], pixels: number): string =>
  [...sizes].sort((a, b) => Math.abs(Number(a) - pixels) - Math.abs(Number(b) - pixels))[0] ?? String(pixels);
