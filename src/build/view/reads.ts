import type { View } from "../../plan/stage.ts";
import { namesIn, type Names } from "./names.ts";
import { resolved, select, type Pattern } from "./select.ts";
import type { Tree } from "../stack.ts";

/** Reads a file of the tree, by its name without links; nothing if it is no text. */
export type Read = (path: string, node: Tree) => Promise<string | undefined>;

/**
 * What a stage read beyond its declared view: every file that it copied, every library's name wherever the linker could
 * find it, and all that its scripts name, present or not, with what they read by `.` in turn.
 */
export async function readsOf(root: Tree, view: View, listing: string, read: Read): Promise<readonly Pattern[]> {
  const copied = copiedIn(root, listing);
  const libraries = copied
    .filter((path) => /\.so(\.|$)/.test(path))
    .map((path) => `**/${path.split("/").at(-1) ?? path}`);
  const spoken = await namedBy(root, view.scripts, read);
  const known = select(root, view.paths);
  return [...new Set([...copied, ...libraries, ...spoken])].filter((path) => !known.has(path)).sort();
}

/**
 * Files of an initramfs that are the tree's: those of the same path and size, and the directories they lie in. Others have
 * only a name in common with it, such as busybox's in the place of a hundred programs. ld.so.cache is made anew by
 * ldconfig from what was copied; the tree's own, which every package with a library changes, only says where each library
 * is, and that is in the view as the libraries' names.
 */
function copiedIn(root: Tree, listing: string): readonly string[] {
  return listing.split("\n").flatMap((line) => {
    const [, kind = "", size = "", path = ""] = member.exec(line) ?? [];
    const found = at(root, path);
    if (found === undefined || path === "." || path === "etc/ld.so.cache") return [];
    const { type, size: bytes } = found.inode.entry;
    const same = kind === "d" ? type === "directory" : kind === "l" ? type === "symlink" : bytes === Number(size);
    return same ? [path] : [];
  });
}

/** A line of `lsinitramfs -l`: mode, links, owner, group, size, date in three words, path, and where a link leads. */
const member = /^([-dl])\S+\s+\d+\s+\S+\s+\S+\s+(\d+)\s+\S+\s+\S+\s+\S+\s+(.*?)(?: -> .*)?$/;

function at(root: Tree, path: string): Tree | undefined {
  let node: Tree | undefined = root;
  for (const name of path.split("/")) node = node?.names?.get(name);
  return node;
}

async function namedBy(root: Tree, scripts: readonly Pattern[], read: Read): Promise<readonly Pattern[]> {
  const named = new Set<Pattern>();
  const seen = new Set<string>();
  let next = [...select(root, scripts).keys()];
  while (next.length > 0) {
    const sourced: string[] = [];
    for (const path of next) {
      const file = seen.has(path) ? undefined : resolved(root, path);
      seen.add(path);
      if (file?.node.inode.entry.type !== "file" || (file.node.inode.entry.size ?? 0) > largestScript) continue;
      const names = namesIn((await read(file.path, file.node)) ?? "");
      sourced.push(...names.sourced.map(plain));
      for (const pattern of patternsOf(root, names)) named.add(pattern);
    }
    next = sourced;
  }
  return [...named];
}

/** Programs are bigger. */
const largestScript = 256 * 1024;

function patternsOf(root: Tree, { paths, folders, words, commands, sought }: Names): readonly Pattern[] {
  return [
    ...paths.filter((path) => !elsewhere.test(path)).map((path) => whole(root, path)),
    ...folders.filter((path) => !elsewhere.test(path)).flatMap((path) => words.map((word) => plain(`${path}${word}`))),
    ...commands.flatMap((name) => searched.map((folder) => `${folder}/${name}`)),
    ...sought.map((name) => `**/${name}`),
  ];
}

/** Where mkinitramfs looks for commands. */
const searched = ["usr/bin", "usr/sbin"];

/** The running kernel's, nobody's, or, like `/bin/*` and `/lib*` in a case, too general to mean files. */
const elsewhere = /^\/+($|(dev|proc|sys|run|tmp|var\/tmp)(\/|$)|[*\]]|[^/]*\*|(usr\/)?(bin|sbin|lib|etc|share)\/\*$)/;

/** A directory that is named is read whole, unless it is one that everything is in. */
function whole(root: Tree, path: string): Pattern {
  const found = /[*?[]/.test(path) ? undefined : resolved(root, plain(path));
  if (found?.node.inode.entry.type !== "directory" || crowded.test(found.path)) return plain(path);
  return `${plain(path)}/**`;
}

/** What everything is in says nothing; translations and manuals change no image. */
const crowded = /^([^/]+|(usr|var)\/[^/]+|usr\/share\/(locale|doc|man|info)(\/.*)?)$/;

const plain = (path: string): string =>
  path
    .split("/")
    .filter((part) => part !== "" && part !== ".")
    .join("/");
