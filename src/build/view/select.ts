import { createHash } from "node:crypto";
import type { Tree } from "../stack.ts";

/**
 * Patterns of paths, without a leading slash. A path alone means that entry, a directory's content not; `*`, `?` and `[…]`
 * match within a name; a last part `**` means all that is below; a first part `**` means a name wherever it is. Links are
 * followed wherever they occur, and belong to what was read. What is absent is part of the answer: a pattern that matches
 * nothing matches as soon as something comes.
 */
export type Pattern = string;

/** A path that a pattern selects, by its name without links. */
export interface Selected {
  readonly path: string;
  readonly node: Tree;
}

/** What of a tree patterns select, each path with its attributes in one line of text. */
export function select(root: Tree, patterns: readonly Pattern[]): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const tell = ({ path, node }: Selected): void => void found.set(path, attributes(node));
  const finder = new Finder(root, tell);
  for (const pattern of patterns) finder.find(pattern);
  return found;
}

/** Where one path leads, all links followed; nothing if it leads nowhere. */
export function resolved(root: Tree, path: string): Selected | undefined {
  let last: Selected | undefined;
  new Finder(root, (selected) => {
    last = selected;
  }).find(path);
  return last?.node.inode.entry.type === "symlink" ? undefined : last;
}

/** Raise when what a view takes in, or how it is spelled, comes to mean something else. */
export const revision = 2;

/** sha256 of a view: what was asked for and what there is of it. */
export function viewDigest(patterns: readonly Pattern[], selected: ReadonlyMap<string, string>): string {
  const hash = createHash("sha256").update(`view ${String(revision)}\n`);
  for (const pattern of [...new Set(patterns)].sort()) hash.update(`${pattern}\n`);
  for (const [path, attributes] of [...selected].sort(([a], [b]) => (a < b ? -1 : 1)))
    hash.update(`\n${path}\t${attributes}`);
  return hash.digest("hex");
}

/** A directory's time tells only that something in it changed, which need not be anything that is read. */
function attributes({ inode: { entry } }: Tree): string {
  const { type, mode, uid, gid, mtime, target, size, sha256, device, xattrs } = entry;
  return JSON.stringify([
    type,
    mode,
    uid,
    gid,
    ...(type === "directory" ? [] : [mtime, target, size, sha256, device, xattrs]),
  ]);
}

/** More links after each other than the kernel follows are a loop. */
const mostLinks = 40;

class Finder {
  readonly #root: Tree;
  readonly #tell: (selected: Selected) => void;
  #byName: Map<string, string[]> | undefined;

  constructor(root: Tree, tell: (selected: Selected) => void) {
    this.#root = root;
    this.#tell = tell;
  }

  find(pattern: Pattern): void {
    const parts = pattern.split("/").filter((part) => part !== "" && part !== ".");
    if (parts[0] !== "**") this.#walk([], parts, 0);
    else for (const path of this.#named(parts[1] ?? "")) this.#walk([], path.split("/"), 0);
  }

  /** From the directory `at`, a path without links, to whatever the rest of a pattern selects. */
  #walk(at: readonly string[], rest: readonly string[], links: number): void {
    const [part, ...further] = rest;
    const folder = this.#node(at);
    if (part === undefined || folder === undefined || links > mostLinks) return;
    if (part === "..") {
      this.#walk(at.slice(0, -1), further, links);
    } else if (part === "**") {
      for (const name of folder.names?.keys() ?? []) this.#below([...at, name], links);
    } else if (/[*?[]/.test(part)) {
      const matcher = nameMatcher(part);
      for (const name of folder.names?.keys() ?? []) if (matcher.test(name)) this.#enter([...at, name], further, links);
    } else {
      this.#enter([...at, part], further, links);
    }
  }

  #enter(path: readonly string[], rest: readonly string[], links: number): void {
    const node = this.#node(path);
    if (node === undefined) return;
    const last = rest.length === 0 || rest[0] === "**";
    if (last || node.inode.entry.type === "symlink") this.#tell({ path: path.join("/"), node });
    if (node.inode.entry.type === "symlink") this.#follow(path, node, rest, links);
    else this.#walk(path, rest, links);
  }

  /** Everything below a directory. What a link in it leads to is read, but not all that is below that. */
  #below(path: readonly string[], links: number): void {
    const node = this.#node(path);
    if (node === undefined) return;
    this.#tell({ path: path.join("/"), node });
    if (node.inode.entry.type === "symlink") this.#follow(path, node, [], links);
    else this.#walk(path, ["**"], links);
  }

  #follow(path: readonly string[], { inode: { entry } }: Tree, rest: readonly string[], links: number): void {
    const target = entry.target ?? "";
    const parts = target.split("/").filter((part) => part !== "" && part !== ".");
    this.#walk(target.startsWith("/") ? [] : path.slice(0, -1), [...parts, ...rest], links + 1);
  }

  #node(path: readonly string[]): Tree | undefined {
    let node: Tree | undefined = this.#root;
    for (const name of path) node = node?.names?.get(name);
    return node;
  }

  #named(name: string): readonly string[] {
    this.#byName ??= namesBelow(this.#root);
    if (!/[*?[]/.test(name)) return this.#byName.get(name) ?? [];
    const matcher = nameMatcher(name);
    return [...this.#byName].flatMap(([each, paths]) => (matcher.test(each) ? paths : []));
  }
}

function namesBelow(root: Tree): Map<string, string[]> {
  const byName = new Map<string, string[]>();
  const visit = (node: Tree, path: string): void => {
    for (const [name, child] of node.names ?? []) {
      const whole = path === "" ? name : `${path}/${name}`;
      const alike = byName.get(name);
      if (alike === undefined) byName.set(name, [whole]);
      else alike.push(whole);
      visit(child, whole);
    }
  };
  visit(root, "");
  return byName;
}

/** A shell's pattern of one name (glob(7)). */
const nameMatcher = (pattern: string): RegExp =>
  new RegExp(
    `^${pattern
      .replace(/[.+^${}()|\\]/g, "\\$&")
      .replace(/\[(?![^\]]*\])/g, "\\[")
      .replaceAll("[!", "[^")
      .replaceAll("*", ".*")
      .replaceAll("?", ".")}$`,
    "s",
  );
