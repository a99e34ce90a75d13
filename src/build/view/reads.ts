import type { View } from "../../plan/stage.ts";
import { namesIn, type Names } from "./names.ts";
import { resolved, select, type Pattern } from "./select.ts";
import type { Node } from "./tree.ts";

/** Reads a file of the tree, by its name without links; nothing if it is no text. */
export type Read = (path: string, node: Node) => Promise<string | undefined>;

/**
 * What a stage read beyond its declared view: every path that it copied, every library's name wherever the linker could
 * find it, and all that its scripts name, present or not, with the scripts among that in turn.
 */
export async function readsOf(
  root: Node,
  view: View,
  copied: readonly string[],
  read: Read,
): Promise<readonly Pattern[]> {
  const spoken = await namedBy(root, view.scripts, read);
  const paths = copied.filter((path) => !made.test(path));
  const libraries = paths
    .filter((path) => /\.so(\.|$)/.test(path))
    .map((path) => `**/${path.split("/").at(-1) ?? path}`);
  const known = select(root, view.paths);
  return [...new Set([...paths, ...libraries, ...spoken])].filter((path) => !known.has(path)).sort();
}

/**
 * Files that an initramfs has of its own. ld.so.cache is one: ldconfig makes it from what was copied. The tree's own, which
 * every package with a library changes, only says where each library is; that is in the view as the libraries' names.
 */
const made = /^(etc\/ld\.so\.cache|var\/cache\/ldconfig\/aux-cache)$/;

async function namedBy(root: Node, scripts: readonly Pattern[], read: Read): Promise<readonly Pattern[]> {
  const named = new Set<Pattern>();
  const seen = new Set<string>();
  const sourced = new Set<string>();
  let next: ReadonlySet<Pattern> = new Set(scripts);
  while (next.size > 0) {
    const found = new Set<Pattern>();
    for (const path of select(root, [...next]).keys()) {
      const file = seen.has(path) ? undefined : resolved(root, path);
      seen.add(path);
      if (file?.node.entry.type !== "file" || (file.node.entry.size ?? 0) > largestScript) continue;
      const text = await read(file.path, file.node);
      if (text === undefined || !(named.size === 0 || sourced.has(path) || /^#!.*sh\b/.test(text))) continue;
      const names = namesIn(text);
      for (const other of names.sourced) sourced.add(resolved(root, plain(other))?.path ?? "");
      for (const pattern of patternsOf(root, names)) found.add(pattern);
    }
    next = new Set([...found].filter((pattern) => !named.has(pattern)));
    for (const pattern of next) named.add(pattern);
  }
  return [...named];
}

/** Programs are bigger. */
const largestScript = 256 * 1024;

function patternsOf(root: Node, { paths, folders, words, commands, sought }: Names): readonly Pattern[] {
  return [
    ...paths.filter((path) => !elsewhere.test(path)).map((path) => whole(root, path)),
    ...folders.filter((path) => !elsewhere.test(path)).flatMap((path) => words.map((word) => plain(`${path}${word}`))),
    ...commands.flatMap((name) => searched.map((folder) => `${folder}/${name}`)),
    ...sought.map((name) => `**/${name}`),
  ];
}

/** Where mkinitramfs looks for commands. */
const searched = ["usr/bin", "usr/sbin"];

/** The running kernel's, nobody's, or too general to mean anything. */
const elsewhere = /^\/+($|(dev|proc|sys|run|tmp|var\/tmp)(\/|$)|[*\]])/;

/** A directory that is named is read whole, unless it is one that everything is in. */
function whole(root: Node, path: string): Pattern {
  const found = /[*?[]/.test(path) ? undefined : resolved(root, plain(path));
  if (found?.node.entry.type !== "directory" || found.path.split("/").length < 3 || crowded.test(found.path))
    return plain(path);
  return `${plain(path)}/**`;
}

/** Translations and manuals change no image. */
const crowded = /^usr\/share\/(locale|doc|man|info)(\/|$)/;

const plain = (path: string): string =>
  path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
