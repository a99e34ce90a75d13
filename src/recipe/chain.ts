import { basename, dirname, join, relative, resolve } from "node:path/posix";
import { mostBytes, readDocument } from "./document.ts";
import type { Setting } from "./merge.ts";
import { didYouMean } from "./suggest.ts";
import { here } from "./settings.ts";
import type { MapNode, Spot, Tell } from "./tree.ts";

/** The files of this machine, as much of them as a recipe needs. Paths are absolute. */
export interface ReadSource {
  /** The folder of the program's own files. */
  readonly program: string;
  /** The folder the person stands in. */
  readonly here: string;
  readonly look: (path: string) => Seen | undefined;
  readonly read: (path: string) => Uint8Array;
  readonly list: (folder: string) => readonly string[];
}

export type Seen =
  | { readonly kind: "file"; readonly bytes: number; readonly executable: boolean }
  | { readonly kind: "folder" }
  | { readonly kind: "other" };

/** The recipes of an `extends` chain, the one asked for first. */
export interface Chain {
  /** Undefined when one cannot be read; why was told. */
  readonly trees: readonly MapNode[] | undefined;
  readonly roots: Readonly<Record<string, string>>;
  readonly shipped: boolean;
  /** Absolute path of the one asked for. */
  readonly file: string;
  /** Absolute paths of all of them, the one asked for first. */
  readonly files: readonly string[];
}

/** Names of the recipes that ship. */
export const shippedNames = (read: ReadSource): readonly string[] =>
  read
    .list(join(read.program, "recipes"))
    .flatMap((file) => (file.endsWith(".yaml") ? [file.slice(0, -".yaml".length)] : []))
    .sort();

/** Read a recipe and those it extends. An `extends` among the settings counts for the first. */
export function readChain(name: string, settings: readonly Setting[], read: ReadSource, tell: Tell): Chain {
  const own = { program: read.program, [here]: read.here };
  const wanted = { name, folder: read.here, spot: { file: name, root: here, line: 1, column: 1 } };
  const files: string[] = [];
  // Faults are told by the second reading, which knows what the folders are called.
  climb(wanted, [], {
    settings,
    read,
    tell: () => undefined,
    rootOf: (path) => path,
    reads: (path) => files.push(path),
  });
  const names = folderNames(files, read, own);
  const rootOf = (path: string): string => names.get(path) ?? path;
  const trees = climb(wanted, [], { settings, read, tell, rootOf, reads: () => undefined });
  const roots = Object.fromEntries([...names].map(([path, root]) => [root, dirname(path)]));
  const found = locate(name, read.here, read);
  return { trees, roots: { ...own, ...roots }, shipped: found?.shipped ?? false, file: found?.path ?? name, files };
}

/**
 * A folder is known by the recipe file's name; two files of one name get two. They are given from the lowest recipe upwards: its
 * layers then name their files alike in every recipe that extends it, so that all of them share one layer.
 */
function folderNames(
  files: readonly string[],
  read: ReadSource,
  taken: Readonly<Record<string, string>>,
): ReadonlyMap<string, string> {
  const names = new Map<string, string>();
  for (const path of files.toReversed()) {
    if (dirname(path) === join(read.program, "recipes")) continue;
    const used = new Set([...Object.keys(taken), ...names.values()]);
    const stem = basename(path).replace(/\.ya?ml$/u, "");
    const free = (at = 1): string => {
      const root = at === 1 ? stem : `${stem}-${String(at)}`;
      return used.has(root) ? free(at + 1) : root;
    };
    names.set(path, free());
  }
  return names;
}

interface Wanted {
  readonly name: string;
  readonly folder: string;
  /** Where it is asked for. */
  readonly spot: Spot;
}

interface Climb {
  readonly settings: readonly Setting[];
  readonly read: ReadSource;
  readonly tell: Tell;
  /** What the folder of a recipe file is called in places. */
  readonly rootOf: (path: string) => string;
  /** Told of every recipe file that is read. */
  readonly reads: (path: string) => void;
}

function climb(wanted: Wanted, below: readonly string[], climbing: Climb): readonly MapNode[] | undefined {
  const { read, tell } = climbing;
  const place = locate(wanted.name, wanted.folder, read);
  if (place === undefined || below.includes(place.path)) {
    const said = below.length === 0 ? "" : `extends: ${JSON.stringify(wanted.name)} `;
    const why = place === undefined ? said + nowhere(wanted.name, read) : circle([...below, place.path], read);
    tell(wanted.spot, why);
    return below.length === 0 ? undefined : [];
  }
  const tree = readFile(place, climbing);
  if (tree === undefined) return undefined;
  const parent = parentOf(tree, below.length === 0 ? climbing.settings : []);
  if (parent === undefined) return [tree];
  const above = climb({ ...parent, folder: dirname(place.path) }, [...below, place.path], climbing);
  return above === undefined ? undefined : [tree, ...above];
}

interface Location {
  readonly path: string;
  readonly shipped: boolean;
}

/** A bare name is a shipped recipe's; anything else, and a bare name that is none, is a file, or a folder with recipe.yaml. */
function locate(name: string, folder: string, read: ReadSource): Location | undefined {
  const recipes = join(read.program, "recipes");
  if (shippedNames(read).includes(name)) return { path: join(recipes, `${name}.yaml`), shipped: true };
  const path = resolve(folder, name);
  const inside = join(path, "recipe.yaml");
  if (name === "" || name.includes("\0")) return undefined;
  if (read.look(path)?.kind === "folder") return read.look(inside) && { path: inside, shipped: false };
  return read.look(path) && { path, shipped: dirname(path) === recipes };
}

function nowhere(name: string, read: ReadSource): string {
  const shipped = shippedNames(read);
  return `is neither a recipe that ships (${shipped.join(", ")}) nor a file${didYouMean(name, shipped)}`;
}

const circle = (paths: readonly string[], read: ReadSource): string =>
  `the recipe extends itself: ${paths.map((path) => shown(path, read)).join(" → ")}`;

/** Paths are told as the person standing here would type them. */
const shown = (path: string, { here }: ReadSource): string =>
  path.startsWith(`${here}/`) ? relative(here, path) : path;

function readFile({ path, shipped }: Location, { read, tell, rootOf, reads }: Climb): MapNode | undefined {
  reads(path);
  const file = shown(path, read);
  const root = shipped ? "program" : rootOf(path);
  const start = { file, root, line: 1, column: 1 };
  const seen = read.look(path);
  if (seen?.kind !== "file") return refused(tell, start, "is not a file");
  if (seen.bytes > mostBytes)
    return refused(tell, start, `is ${String(seen.bytes)} bytes long; a recipe has at most ${String(mostBytes)}`);
  const bytes = read.read(path);
  const text = new TextDecoder("utf-8", { ignoreBOM: true }).decode(bytes);
  if (!isUtf8(bytes)) return refused(tell, spotIn(text, text.indexOf("\uFFFD"), start), "is not UTF-8 from here on");
  const tree = readDocument(text, { file, root }, tell);
  if (tree !== undefined && tree.kind !== "map")
    return refused(tell, tree.spot, "a recipe is a map of keys, such as name: classroom");
  return tree;
}

/** Tell, and give back the nothing that the caller has to give. */
const refused = (tell: Tell, spot: Spot, message: string): MapNode | undefined => {
  tell(spot, message);
  return undefined;
};

function isUtf8(bytes: Uint8Array): boolean {
  try {
    new TextDecoder("utf-8", { fatal: true }).decode(bytes);
    return true;
  } catch {
    return false; // The decoder has no other way to say so.
  }
}

function spotIn(text: string, offset: number, start: Spot): Spot {
  const lines = text.slice(0, offset).split("\n");
  return { ...start, line: lines.length, column: (lines.at(-1)?.length ?? 0) + 1 };
}

function parentOf(
  tree: MapNode,
  settings: readonly Setting[],
): { readonly name: string; readonly spot: Spot } | undefined {
  const set = settings.findLast(({ way }) => way.length === 1 && way[0] === "extends")?.value;
  const node = set ?? tree.entries.get("extends")?.node;
  // What is no text, or an absolute path, the schema's validation tells.
  if (node?.kind !== "scalar" || typeof node.value !== "string" || node.value.startsWith("/")) return undefined;
  return { name: node.value, spot: node.spot };
}
