import type { TarEntry } from "./entry.ts";
import { broken } from "./header.ts";
import { readable } from "./manifest.ts";

/** What a path stands for: attributes, and where in which layer the content lies. Hard links share one. */
export interface Inode {
  readonly entry: TarEntry;
  /** Position of the layer among those joined. */
  readonly layer: number;
  /** Where in that layer's tar the content begins. */
  readonly at: number;
}

interface Node {
  readonly inode: Inode;
  /** What is in a directory, by name; absent from everything else. */
  readonly names?: Map<string, Node>;
}

/** A path of the joined tree. `first` is where the same inode was met before, so that this is another name of it. */
export interface Joined {
  readonly path: string;
  readonly inode: Inode;
  readonly first: string | undefined;
}

/**
 * Layers joined as the kernel's overlay shows them: a 0:0 device hides what lies below, a directory is merged with one below
 * unless it is opaque, anything else takes the place of what was there. It holds names and attributes, never content.
 */
export class Joint {
  /** The time of the newest member that any layer has, hidden ones too; at least 0. */
  newest = 0;
  #root: Node | undefined;
  #layers = 0;

  /** Lay the next layer over those before it. Its members are told in an order in which folders come before what is in them. */
  layer(): Layer {
    const layer = this.#layers++;
    const known = new Map<string, Inode>();
    const folders = new Map<string, Node>();
    return {
      add: (entry, at) => {
        const inode = entry.type === "link" ? linked(entry, known) : { entry, layer, at };
        known.set(entry.path, inode);
        this.newest = Math.max(this.newest, Math.floor(inode.entry.mtime));
        if (entry.path === ".") folders.set(".", (this.#root = over(this.#root, inode)));
        else place(entry.path, inode, folders);
      },
    };
  }

  /** Every path there is, a folder before what is in it, names in the order of their bytes. */
  *paths(): Generator<Joined> {
    if (this.#root === undefined) throw broken("has no root directory");
    yield* below(".", this.#root, new Map());
  }
}

/** Takes the members of one layer. */
export interface Layer {
  readonly add: (entry: TarEntry, at: number) => void;
}

function linked({ path, target = "" }: TarEntry, known: ReadonlyMap<string, Inode>): Inode {
  const inode = known.get(target);
  if (inode === undefined) throw broken(`has ${readable(path)}, a hard link of what it does not hold`);
  return inode;
}

function place(path: string, inode: Inode, folders: Map<string, Node>): void {
  const slash = path.lastIndexOf("/");
  const names = folders.get(slash < 0 ? "." : path.slice(0, slash))?.names;
  const name = path.slice(slash + 1);
  if (names === undefined) throw broken(`has ${readable(path)} before the directory that it is in`);
  if (isWhiteout(inode.entry)) {
    names.delete(name);
    return;
  }
  const node = over(names.get(name), inode);
  names.set(name, node);
  if (node.names !== undefined) folders.set(path, node);
}

/** The root cannot be replaced, so that no mark makes it opaque (overlayfs looks at names in directories only). */
function over(lower: Node | undefined, inode: Inode): Node {
  const { entry } = inode;
  if (entry.type !== "directory") return { inode };
  const merged = entry.path === "." || !isOpaque(entry);
  return { inode, names: (merged ? lower?.names : undefined) ?? new Map<string, Node>() };
}

export const isWhiteout = ({ type, device }: TarEntry): boolean =>
  type === "character" && device?.[0] === 0 && device[1] === 0;

const opaque = "trusted.overlay.opaque";

const isOpaque = ({ xattrs }: TarEntry): boolean => xattrs.get(opaque)?.toString("latin1") === "y";

function* below(path: string, { inode, names }: Node, met: Map<Inode, string>): Generator<Joined> {
  yield { path, inode, first: met.get(inode) };
  if (names === undefined) {
    if (!met.has(inode)) met.set(inode, path);
    return;
  }
  for (const name of [...names.keys()].sort()) {
    const node = names.get(name);
    if (node !== undefined) yield* below(path === "." ? name : `${path}/${name}`, node, met);
  }
}

/**
 * A member of the joined tree, which is no overlay's any more. The root directory is always 0755 root:root and as old as the
 * newest member, as in every layer: mksquashfs takes it from its options, not from a tar.
 */
export function member({ path, inode: { entry }, first }: Joined, newest: number): TarEntry {
  if (path === ".") return { ...entry, mode: 0o755, uid: 0, gid: 0, mtime: newest, xattrs: new Map() };
  if (first !== undefined) return { ...entry, path, type: "link", target: first, size: 0, xattrs: new Map() };
  const xattrs = new Map([...entry.xattrs].filter(([name]) => name !== opaque));
  return { ...entry, path, xattrs };
}
