import type { ManifestEntry } from "../tar/manifest.ts";

/** One path of a root filesystem: its attributes, and what is in it if it is a directory. */
export interface Node {
  readonly entry: ManifestEntry;
  readonly children: Map<string, Node>;
  /** Which of the layers it comes from, counted from the lowest. */
  readonly layer: number;
}

/**
 * A root filesystem as its layers' manifests tell it, without looking at the disk: upper entries override lower ones,
 * whiteouts delete, opaque directories hide what is below them (overlayfs, kernel documentation).
 */
export function stackedTree(manifests: readonly (readonly ManifestEntry[])[]): Node {
  const root: Node = { entry: { path: ".", type: "directory" }, children: new Map(), layer: 0 };
  for (const [layer, manifest] of manifests.entries()) {
    const owners = new Map(manifest.map((entry) => [entry.path, entry]));
    for (const entry of manifest) if (entry.path !== ".") lay(root, unlinked(entry, owners), layer);
  }
  return root;
}

/** Hard links count as what they are linked to. */
function unlinked(entry: ManifestEntry, owners: ReadonlyMap<string, ManifestEntry>): ManifestEntry {
  const owner = entry.type === "link" ? owners.get(entry.target ?? "") : undefined;
  return owner === undefined ? entry : { ...owner, path: entry.path };
}

function lay(root: Node, entry: ManifestEntry, layer: number): void {
  const names = entry.path.split("/");
  const last = names.pop() ?? "";
  let folder = root;
  for (const name of names) {
    const next = folder.children.get(name) ?? { entry: { path: name, type: "directory" }, children: new Map(), layer };
    folder.children.set(name, next);
    folder = next;
  }
  if (entry.type === "character" && entry.device === "0:0") {
    folder.children.delete(last);
    return;
  }
  const below = folder.children.get(last);
  const kept = entry.type === "directory" && below?.entry.type === "directory" && !isOpaque(entry);
  folder.children.set(last, { entry, children: kept ? below.children : new Map<string, Node>(), layer });
}

const isOpaque = ({ xattrs }: ManifestEntry): boolean => xattrs?.["trusted.overlay.opaque"] !== undefined;
