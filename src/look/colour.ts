/** Red, green and blue, 0…255. */
export type Colour = readonly [number, number, number];

export function colourOf(text: string): Colour | undefined {
  const hex = /^#([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})$/i.exec(text);
  return hex === null ? undefined : [byte(hex[1]), byte(hex[2]), byte(hex[3])];
}

const byte = (hex = "0"): number => Number.parseInt(hex, 16);

/** Contrast ratio of two colours, 1…21, as WCAG 2.2 defines it (1.4.3; 7 is its strictest demand on text). */
export function contrast(one: Colour, other: Colour): number {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b) as [number, number];
  return (light + 0.05) / (dark + 0.05);
}

const luminance = ([red, green, blue]: Colour): number =>
  0.2126 * linear(red) + 0.7152 * linear(green) + 0.0722 * linear(blue);

const linear = (channel: number): number => {
  const share = channel / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
};
