import { cp, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import sharp from "sharp";
import { expect, test } from "vitest";
import { colourOf, contrast, type Colour } from "../../src/look/colour.ts";
import { panelBox } from "../../src/look/frame.ts";
import { biosSplash, uefiBackground } from "../../src/look/pictures.ts";
import { loadTheme, type ColourName, type Theme } from "../../src/look/theme.ts";
import { folder, themeFolder, themes } from "./folder.ts";

/** What WCAG asks of text at its two levels. */
const wanted = { calm: 4.5, contrast: 7 } as const;

const colour = (theme: Theme, name: ColourName): Colour => colourOf(theme.colours[name]) ?? [0, 0, 0];

test.each(themes)("%s is a sound theme and legible by its colours", async (name) => {
  const theme = await loadTheme(themeFolder(name));
  for (const [ink, paper] of [
    ["text", "paper"],
    ["chosen-text", "chosen"],
    ["title", "ground"],
    ["quiet", "ground"],
  ] as const)
    expect(contrast(colour(theme, ink), colour(theme, paper)), `${ink} on ${paper}`).toBeGreaterThanOrEqual(
      wanted[name],
    );
  expect(contrast(colour(theme, "chosen"), colour(theme, "paper")), "the chosen entry stands out").toBeGreaterThan(3);
});

test.each(themes)("%s is legible over its very picture, wherever a menu writes", async (name) => {
  const theme = await loadTheme(themeFolder(name));
  const box = panelBox(theme.panel);
  const splash = await sharp(await biosSplash(theme))
    .removeAlpha()
    .raw()
    .toBuffer();
  const rows = (from: number, to: number): readonly Colour[] => pixels(splash, 640, from, to);
  for (const paper of rows(box.top - 24, box.top - 8))
    expect(contrast(colour(theme, "title"), paper)).toBeGreaterThanOrEqual(wanted[name]);
  for (const paper of rows(box.top + box.height, 480))
    expect(contrast(colour(theme, "quiet"), paper)).toBeGreaterThanOrEqual(wanted[name]);
});

/** Colours of some rows of a picture, each once. */
function pixels(raw: Buffer, width: number, from: number, to: number): readonly Colour[] {
  const found = new Map<number, Colour>();
  for (let at = from * width * 3; at < to * width * 3; at += 3)
    found.set(raw.readUIntBE(at, 3), [raw[at] ?? 0, raw[at + 1] ?? 0, raw[at + 2] ?? 0]);
  return [...found.values()];
}

test.each(themes)("%s has what isolinux can show: 640×480, 256 colours, small", async (name) => {
  const splash = await biosSplash(await loadTheme(themeFolder(name)));
  const { format, width, height, isPalette, hasAlpha } = await sharp(splash).metadata();
  expect({ format, width, height, isPalette, hasAlpha }).toEqual({
    format: "png",
    width: 640,
    height: 480,
    isPalette: true,
    hasAlpha: false,
  });
  expect(splash.length).toBeLessThan(100_000);
});

test.each(themes)("the picture behind %s' menu in GRUB has the screen's size and no transparency", async (name) => {
  const theme = await loadTheme(themeFolder(name));
  const background = await uefiBackground(theme, { width: 1366, height: 768 });
  expect(await sharp(background).metadata()).toMatchObject({
    format: "png",
    width: 1366,
    height: 768,
    hasAlpha: false,
  });
});

test.each(themes)("%s draws the same bytes again, and needs no font of the host", async (name) => {
  const theme = await loadTheme(themeFolder(name));
  expect(await readFile(join(theme.folder, theme.splash), "utf8")).not.toMatch(/<text|font-|<image|<use|url\((?!#)/);
  const size = { width: 1024, height: 768 };
  expect((await uefiBackground(theme, size)).equals(await uefiBackground(theme, size))).toBe(true);
  expect((await biosSplash(theme)).equals(await biosSplash(theme))).toBe(true);
});

test("a PNG splash is as good as a drawing", async () => {
  await using copy = await folder();
  await cp(themeFolder("calm"), copy.path, { recursive: true });
  await sharp(join(copy.path, "splash.svg")).resize(1280, 720).png().toFile(join(copy.path, "photo.png"));
  await change(copy.path, (text) => text.replace("splash.svg", "photo.png"));
  const splash = await biosSplash(await loadTheme(copy.path));
  expect(await sharp(splash).metadata()).toMatchObject({ width: 640, height: 480 });
});

test("a photograph behind GRUB's menu is kept small by a palette, a drawing keeps its colours", async () => {
  await using copy = await folder();
  await cp(themeFolder("calm"), copy.path, { recursive: true });
  const size = { width: 1366, height: 768 };
  const drawn = await uefiBackground(await loadTheme(copy.path), size);
  expect(await sharp(drawn).metadata()).toMatchObject({ isPalette: false });
  const noise = { type: "gaussian", mean: 128, sigma: 40 } as const;
  await sharp({ create: { width: 1366, height: 768, channels: 3, background: "#808080", noise } })
    .png()
    .toFile(join(copy.path, "photo.png"));
  await change(copy.path, (text) => text.replace("splash.svg", "photo.png"));
  const photo = await uefiBackground(await loadTheme(copy.path), size);
  expect(await sharp(photo).metadata()).toMatchObject({ isPalette: true, hasAlpha: false });
});

test("all faults of a theme are told at once, each with its place", async () => {
  await using copy = await folder();
  await cp(themeFolder("calm"), copy.path, { recursive: true });
  await change(copy.path, (text) =>
    text
      .replace("splash: splash.svg", "splash: ../secret.svg\nmusic: loud")
      .replace("columns: 50", "columns: 90")
      .replace('title: "#17353d"', 'title: "teal"')
      .replace('chosen-text: "#ffffff"', 'chosen-text: "#3f8f98"')
      .replace("# s", "seconds"),
  );
  const told = await loadTheme(copy.path).catch((failure: unknown) => failure);
  expect(told).toMatchObject({ code: "recipe-invalid" });
  const lines = (told as Error).message.split("\n").map((line) => line.replace(copy.path, ""));
  expect(lines).toEqual([
    expect.stringMatching(/^\/theme.yaml:3:9: splash must be the name of an SVG or PNG file/),
    expect.stringMatching(/^\/theme.yaml:4:8: music is not a setting of a theme/),
    expect.stringMatching(/^\/theme.yaml:5:8: panel must lie within 78 columns/),
    expect.stringMatching(/^\/theme.yaml:8:10: colours.title must be a colour such as/),
    expect.stringMatching(/^\/theme.yaml:14:16: colours.chosen-text is hard to read on "chosen": contrast 1.6, /),
    expect.stringMatching(/^\/theme.yaml:16:14: words.countdown needs a "#"/),
  ]);
});

test.each([
  ["a missing splash", (text: string) => text.replace("splash.svg", "lost.svg"), /splash names lost\.svg/],
  ["a missing font", (text: string) => text.replace("sans-22.pf2", "lost.pf2"), /fonts\.menu\.files\.22 names/],
  ["broken YAML", () => "title: [", /theme\.yaml:1:\d+: /],
  ["no settings at all", () => "", /must be a group of settings/],
])("a theme with %s is refused", async (_, how, message) => {
  await using copy = await folder();
  await cp(themeFolder("calm"), copy.path, { recursive: true });
  await change(copy.path, how);
  await expect(loadTheme(copy.path)).rejects.toThrow(message);
});

test("a folder without theme.yaml is no theme", async () => {
  await using empty = await folder();
  await expect(loadTheme(empty.path)).rejects.toMatchObject({ code: "recipe-invalid" });
});

async function change(theme: string, how: (text: string) => string): Promise<void> {
  const file = join(theme, "theme.yaml");
  await writeFile(file, how(await readFile(file, "utf8")));
}
