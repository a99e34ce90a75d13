import { Failure } from "../failure.ts";
import type { TarEntry } from "./tar/entry.ts";
import { readable, type ManifestEntry } from "./tar/manifest.ts";

/** How the members of a layer are told: by its tar, or by its manifest. */
type Member = TarEntry | ManifestEntry;

/** What a path stands for: attributes, and where in which layer the content lies. Hard links share one. */
export interface Inode<M extends Member> {
  readonly entry: M;
  /** Position of the layer among those stacked. */
  readonly layer: number;
  /** Where in that layer's tar the content begins; 0 where a manifest told it. */
  readonly at: number;
}

/** A path of the stacked tree, and all below it. */
export interface Node<M extends Member> {
  readonly inode: Inode<M>;
  /** What is in a directory, by name; absent from everything else. */
  readonly names?: Map<string, Node<M>>;
}

/** A root filesystem as its layers' manifests tell it. */
export type Tree = Node<ManifestEntry>;

/** A path of the stacked tree. `first` is where the same inode was met before, so that this is another name of it. */
export interface Shown<M extends Member> {
  readonly path: string;
  readonly inode: Inode<M>;
  readonly first: string | undefined;
}

/** Takes the members of one layer. */
export interface Layer<M extends Member> {
  readonly add: (entry: M, at: number) => void;
}

/**
 * Layers stacked as the kernel's overlay shows them: a 0:0 device hides what lies below, a directory is merged with one below
 * unless it is opaque, anything else takes the place of what was there. It holds names and attributes, never content.
 */
export class Stack<M extends Member> {
  /** The time of the newest member that any layer has, hidden ones too; at least 0. */
  newest = 0;
  #root: Folder<M> | undefined;
  #layers = 0;

  /** Lay the next layer over those before it. Its members are told in an order in which folders come before what is in them. */
  layer(): Layer<M> {
    const layer = this.#layers++;
    const known = new Map<string, Inode<M>>();
    const folders = new Map<string, Folder<M>>();
    return {
      add: (entry, at) => {
        const inode = entry.type === "link" ? linked(entry, known) : { entry, layer, at };
        known.set(entry.path, inode);
        this.newest = Math.max(this.newest, Math.floor(inode.entry.mtime ?? 0));
        if (entry.path === ".") folders.set(".", (this.#root = folder(this.#root, inode)));
        else place(entry.path, inode, folders);
      },
    };
  }

  /** The tree's root directory. */
  get root(): Node<M> {
    if (this.#root === undefined) throw broken("has no root directory");
    return this.#root;
  }

  /** Every path there is, a folder before what is in it, names in the order of their bytes. */
  *paths(): Generator<Shown<M>> {
    yield* below(".", this.root, new Map());
  }
}

/** The stack of layers that manifests tell, lowest first, without a look at tars or trees. Names are as manifests spell them. */
export function stackOf(manifests: readonly (readonly ManifestEntry[])[]): Stack<ManifestEntry> {
  const stack = new Stack<ManifestEntry>();
  for (const manifest of manifests) {
    const layer = stack.layer();
    for (const entry of manifest) layer.add(entry, 0);
  }
  return stack;
}

interface Folder<M extends Member> extends Node<M> {
  readonly names: Map<string, Node<M>>;
}

function linked<M extends Member>({ path, target = "" }: M, known: ReadonlyMap<string, Inode<M>>): Inode<M> {
  const inode = known.get(target);
  if (inode === undefined) throw broken(`has ${readable(path)}, a hard link of what it does not hold`);
  return inode;
}

function place<M extends Member>(path: string, inode: Inode<M>, folders: Map<string, Folder<M>>): void {
  const slash = path.lastIndexOf("/");
  const names = folders.get(slash < 0 ? "." : path.slice(0, slash))?.names;
  const name = path.slice(slash + 1);
  if (names === undefined) throw broken(`has ${readable(path)} before the directory that it is in`);
  if (isWhiteout(inode.entry)) {
    names.delete(name);
  } else if (inode.entry.type === "directory") {
    const over = folder(names.get(name), inode);
    names.set(name, over);
    folders.set(path, over);
  } else {
    names.set(name, { inode });
  }
}

/** The root cannot be replaced, so that no mark makes it opaque (overlayfs looks at names in directories only). */
function folder<M extends Member>(lower: Node<M> | undefined, inode: Inode<M>): Folder<M> {
  const merged = inode.entry.path === "." || !isOpaque(inode.entry);
  return { inode, names: (merged ? lower?.names : undefined) ?? new Map<string, Node<M>>() };
}

/** Tars tell a device's numbers, manifests spell them `major:minor`. */
const isWhiteout = ({ type, device }: Member): boolean =>
  type === "character" && (typeof device === "string" ? device : device?.join(":")) === "0:0";

/** The mark by which overlayfs hides all that lies below a directory. */
export const opaque = "trusted.overlay.opaque";

/** Tars tell a value's bytes, manifests spell them in base64. */
function isOpaque({ xattrs = {} }: Member): boolean {
  if (!(xattrs instanceof Map)) return (xattrs as NonNullable<ManifestEntry["xattrs"]>)[opaque] === "eQ==";
  return (xattrs as TarEntry["xattrs"]).get(opaque)?.toString("latin1") === "y";
}

function* below<M extends Member>(
  path: string,
  { inode, names }: Node<M>,
  met: Map<Inode<M>, string>,
): Generator<Shown<M>> {
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

const broken = (what: string): Failure => new Failure("verification-failed", `a layer ${what}`);
