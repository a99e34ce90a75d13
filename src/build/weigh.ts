import { readFile, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { readText } from "../system/files.ts";
import { readManifest, type ManifestEntry } from "./tar/manifest.ts";
import type { Inode, Shown } from "./stack.ts";
import { deviations, stacked } from "./stacked.ts";

/** What a medium's root filesystem weighs, in bytes; files count once, however many names they have. */
export interface Sizes {
  /** Files of the whole tree, before they are packed. */
  readonly root: number;
  /** Lowest first. `files` are the bytes of the files that the layer holds, `tar` of its canonical tar. */
  readonly layers: readonly { readonly name: string; readonly files: number; readonly tar: number }[];
  /** Installed packages, largest first: bytes of the files that dpkg's lists name, as they are in the tree. */
  readonly packages: readonly PackageSize[];
  /** Files that no package's list names. */
  readonly unpackaged: number;
}

export interface PackageSize {
  readonly name: string;
  readonly version: string;
  /** The layer that holds most of it. */
  readonly layer: string;
  readonly bytes: number;
}

export interface Weighing {
  /** Finished layers, lowest first. */
  readonly layers: readonly { readonly name: string; readonly folder: string }[];
  /** The folder that `hooks/inventory` and `hooks/listing` wrote to. */
  readonly inventory: string;
}

/** How many deviations a failure tells. */
const told = 10;

/** Tell what layers and packages weigh. Layers that would show another tree than the one listed are refused. */
export async function weigh({ layers, inventory }: Weighing): Promise<Sizes> {
  const manifests: ManifestEntry[][] = [];
  for (const { folder } of layers) manifests.push(await readManifest(join(folder, "manifest")));
  const tree = stacked(manifests);
  refuse(deviations(tree, await readFile(join(inventory, "tree"), "latin1")));
  const names = layers.map(({ name }) => name);
  const { owned, sizes } = share(tree, await readText(join(inventory, "owners")));
  const root = total([...new Set([...tree.values()].map(({ inode }) => inode))]);
  return {
    root,
    layers: await Promise.all(
      layers.map(async ({ name, folder }, at) => ({
        name,
        files: (manifests[at] ?? []).reduce((sum, { size = 0 }) => sum + size, 0),
        tar: (await stat(join(folder, "layer.tar"))).size,
      })),
    ),
    packages: rows(await readText(join(inventory, "packages")), sizes, names),
    unpackaged: root - owned,
  };
}

function refuse(faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > told ? [`and ${String(faults.length - told)} more`] : [];
  const lines = ["the layers would not show the tree that was built:", ...faults.slice(0, told), ...more];
  throw new Failure("verification-failed", lines.join("\n  "), {
    remedy: "see that no hook leaves sockets or other things that a squashfs cannot hold",
  });
}

const total = (inodes: readonly Inode<ManifestEntry>[]): number =>
  inodes.reduce((sum, { entry }) => sum + (entry.size ?? 0), 0);

/** Bytes of one package in each layer, by the layer's position. */
type Shares = Map<number, number>;

/** Give every file to the first package that lists it. */
function share(
  tree: ReadonlyMap<string, Shown<ManifestEntry>>,
  owners: string,
): { readonly owned: number; readonly sizes: ReadonlyMap<string, Shares> } {
  const counted = new Set<Inode<ManifestEntry>>();
  const sizes = new Map<string, Shares>();
  for (const line of owners.split("\n")) {
    const [list = "", path = ""] = cut(line, ".list:/");
    const inode = tree.get(followed(path, tree))?.inode;
    if (inode === undefined || counted.has(inode)) continue;
    counted.add(inode);
    const shares = sizes.get(list) ?? new Map<number, number>();
    sizes.set(list, shares.set(inode.layer, (shares.get(inode.layer) ?? 0) + (inode.entry.size ?? 0)));
  }
  return { owned: total([...counted]), sizes };
}

function cut(text: string, mark: string): readonly string[] {
  const at = text.indexOf(mark);
  return at < 0 ? [] : [text.slice(0, at), text.slice(at + mark.length)];
}

/** Packages may still name files in /bin and /lib, which are links into /usr. */
function followed(path: string, tree: ReadonlyMap<string, Shown<ManifestEntry>>): string {
  const [first = "", ...rest] = path.split("/");
  const entry = tree.get(first)?.inode.entry;
  return entry?.type === "symlink" && rest.length > 0 ? [entry.target, ...rest].join("/").replace(/^\//u, "") : path;
}

function rows(packages: string, sizes: ReadonlyMap<string, Shares>, layers: readonly string[]): readonly PackageSize[] {
  const lines = packages.split("\n").filter((line) => line !== "");
  const all = lines.map((line): PackageSize => {
    const [name = "", version = ""] = line.split("\t");
    const shares = [...(sizes.get(name) ?? [])].sort(([, a], [, b]) => b - a);
    const bytes = shares.reduce((sum, [, share]) => sum + share, 0);
    return { name, version, layer: layers[shares[0]?.[0] ?? -1] ?? "", bytes };
  });
  return all.sort((a, b) => b.bytes - a.bytes || (a.name < b.name ? -1 : 1));
}
