import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { LineCounter, parseDocument } from "yaml";
import { Failure } from "../failure.ts";
import { colourOf, contrast } from "./colour.ts";
import { panelFaults, type Panel } from "./frame.ts";

/** A folder of colours, words, a picture and fonts: how the menus look. */
export interface Theme {
  readonly folder: string;
  readonly title: string;
  /** File name of an SVG or PNG in the folder. */
  readonly splash: string;
  readonly panel: Panel;
  readonly colours: Readonly<Record<ColourName, string>>;
  readonly words: Readonly<Record<Word, string>>;
  /** GRUB fonts, made by grub-mkfont, which the theme brings: for the menu, and for GRUB's editor and its messages. */
  readonly fonts: Readonly<Record<FontUse, FontFamily>>;
}

export interface FontFamily {
  /** As it stands in the files, such as "DejaVu Sans Regular". */
  readonly name: string;
  /** File name by size in pixels. */
  readonly files: Readonly<Record<string, string>>;
}

const fontUses = ["menu", "terminal"] as const;
export type FontUse = (typeof fontUses)[number];

/** `text` and `chosen` lie on `paper`, the panel; `title` and `quiet` on `ground`, what is around it. */
const colourNames = ["ground", "title", "quiet", "paper", "edge", "text", "chosen", "chosen-text"] as const;
export type ColourName = (typeof colourNames)[number];

/** `countdown` has a "#" where the seconds go; the others tell how each menu is used. */
const wordNames = ["countdown", "keys-bios", "keys-uefi"] as const;
export type Word = (typeof wordNames)[number];

/** What must be legible on what, and how well: WCAG's demand on ordinary text. */
const pairs: readonly (readonly [ColourName, ColourName])[] = [
  ["text", "paper"],
  ["chosen-text", "chosen"],
  ["title", "ground"],
  ["quiet", "ground"],
];
const legible = 4.5;

/** File names of all its fonts. */
export const fontFiles = ({ fonts }: Theme): readonly string[] =>
  fontUses.flatMap((use) => Object.values(fonts[use].files)).sort();

/** Read a theme; everything that is wrong with it is told at once, with its place. */
export async function loadTheme(folder: string): Promise<Theme> {
  const file = join(folder, "theme.yaml");
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Failure("recipe-invalid", `${folder} is no theme: it has no readable theme.yaml`, { cause });
  });
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const faults: Fault[] = document.errors.map(({ message, pos }) => ({ offset: pos[0], message }));
  const tell: Tell = (path, message) => {
    // A size such as 22 is a number as it stands in the file, and text where it is a key of ours.
    const sized = path.map((key) => (/^\d+$/.test(key) ? Number(key) : key));
    const node = (document.getIn(path, true) ?? document.getIn(sized, true)) as
      { range?: readonly [number, number, number] } | undefined;
    faults.push({ offset: node?.range?.[0] ?? 0, message: `${path.join(".") || "the theme"} ${message}` });
  };
  const theme =
    faults.length === 0 ? decoded(folder, document.toJS({ maxAliasCount: 10 }) as unknown, tell) : undefined;
  if (theme !== undefined) await missingFiles(theme, tell);
  if (theme === undefined || faults.length > 0)
    throw new Failure("recipe-invalid", told(file, lines, faults), {
      remedy: "docs/themes.md lists what a theme says",
    });
  return theme;
}

interface Fault {
  readonly offset: number;
  readonly message: string;
}

/** Faults in the order of the file, each with its place. */
const told = (file: string, lines: LineCounter, faults: readonly Fault[]): string =>
  [...faults]
    .sort((a, b) => a.offset - b.offset)
    .map(({ offset, message }) => {
      const { line, col } = lines.linePos(offset);
      return `${file}:${String(line)}:${String(col)}: ${message}`;
    })
    .join("\n");

type Tell = (path: readonly string[], message: string) => void;

function decoded(folder: string, value: unknown, fault: Tell): Theme | undefined {
  const root = section(value, [], ["title", "splash", "panel", "colours", "words", "fonts"], fault);
  if (root === undefined) return undefined;
  const colours = strings(root["colours"], ["colours"], colourNames, fault);
  const words = strings(root["words"], ["words"], wordNames, fault);
  const panel = panelOf(root["panel"], fault);
  const fonts = fontsOf(root["fonts"], fault);
  const title = line(root["title"], ["title"], fault);
  const splash = line(root["splash"], ["splash"], fault);
  if (colours !== undefined) colourFaults(colours, fault);
  if (words?.countdown.includes("#") === false) fault(["words", "countdown"], 'needs a "#" where the seconds go');
  if (splash !== undefined && !/^[\w.-]+\.(svg|png)$/.test(splash)) {
    fault(["splash"], "must be the name of an SVG or PNG file in the theme's folder");
    return undefined;
  }
  if (!colours || !words || !panel || !fonts || title === undefined || splash === undefined) return undefined;
  return { folder, title, splash, panel, colours, words, fonts };
}

function section(
  value: unknown,
  path: readonly string[],
  keys: readonly string[] | undefined,
  fault: Tell,
): Readonly<Record<string, unknown>> | undefined {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    fault(path, `must be a group of settings${keys === undefined ? "" : `: ${keys.join(", ")}`}`);
    return undefined;
  }
  if (keys !== undefined)
    for (const key of Object.keys(value))
      if (!keys.includes(key)) fault([...path, key], `is not a setting of a theme; known here: ${keys.join(", ")}`);
  return value as Readonly<Record<string, unknown>>;
}

function line(value: unknown, path: readonly string[], fault: Tell): string | undefined {
  if (typeof value === "string" && value.trim() !== "" && !/[\r\n]/.test(value)) return value;
  fault(path, "must be a line of text");
  return undefined;
}

function strings<Key extends string>(
  value: unknown,
  path: readonly string[],
  keys: readonly Key[],
  fault: Tell,
): Readonly<Record<Key, string>> | undefined {
  const group = section(value, path, keys, fault);
  if (group === undefined) return undefined;
  const found = keys.map((key) => [key, line(group[key], [...path, key], fault)] as const);
  return found.every(([, text]) => text !== undefined) ? (Object.fromEntries(found) as Record<Key, string>) : undefined;
}

function panelOf(value: unknown, fault: Tell): Panel | undefined {
  const keys = ["column", "row", "columns", "rows"] as const;
  const group = section(value, ["panel"], keys, fault);
  if (group === undefined) return undefined;
  const wrong = keys.filter((key) => !Number.isInteger(group[key]));
  for (const key of wrong) fault(["panel", key], "must be a whole number of character cells");
  if (wrong.length > 0) return undefined;
  const panel = group as unknown as Panel;
  for (const message of panelFaults(panel)) fault(["panel"], message);
  return panel;
}

function fontsOf(value: unknown, fault: Tell): Theme["fonts"] | undefined {
  const group = section(value, ["fonts"], fontUses, fault);
  if (group === undefined) return undefined;
  const menu = familyOf(group["menu"], ["fonts", "menu"], fault);
  const terminal = familyOf(group["terminal"], ["fonts", "terminal"], fault);
  return menu === undefined || terminal === undefined ? undefined : { menu, terminal };
}

function familyOf(value: unknown, path: readonly string[], fault: Tell): FontFamily | undefined {
  const group = section(value, path, ["name", "files"], fault);
  if (group === undefined) return undefined;
  const name = line(group["name"], [...path, "name"], fault);
  const files = section(group["files"], [...path, "files"], undefined, fault);
  if (name === undefined || files === undefined) return undefined;
  if (Object.keys(files).length === 0) fault([...path, "files"], "must name at least one font");
  for (const [size, file] of Object.entries(files)) {
    if (!/^[1-9][0-9]?$/.test(size)) fault([...path, "files", size], "must be a size in pixels");
    if (typeof file !== "string" || !/^[\w.-]+\.pf2$/.test(file))
      fault([...path, "files", size], "must name a .pf2 file");
  }
  return { name, files: files as Record<string, string> };
}

function colourFaults(colours: Theme["colours"], fault: Tell): void {
  for (const name of colourNames)
    if (colourOf(colours[name]) === undefined) fault(["colours", name], 'must be a colour such as "#1f2a37"');
  for (const [over, under] of pairs) {
    const [ink, paper] = [colourOf(colours[over]), colourOf(colours[under])];
    if (ink === undefined || paper === undefined) continue;
    const ratio = contrast(ink, paper);
    if (ratio < legible)
      fault(
        ["colours", over],
        `is hard to read on "${under}": contrast ${ratio.toFixed(1)}, at least ${String(legible)}`,
      );
  }
}

async function missingFiles({ folder, splash, fonts }: Theme, fault: Tell): Promise<void> {
  const ofFonts = fontUses.flatMap((use) =>
    Object.entries(fonts[use].files).map(([size, file]) => ({
      path: ["fonts", use, "files", size],
      file: join("fonts", file),
    })),
  );
  for (const { path, file } of [{ path: ["splash"], file: splash }, ...ofFonts])
    if (!(await isFile(join(folder, file)))) fault(path, `names ${file}, which the theme's folder does not have`);
}

const isFile = (path: string): Promise<boolean> =>
  stat(path).then(
    (found) => found.isFile(),
    () => false, // Whatever the reason: it cannot be used.
  );
