import type { ManifestEntry } from "../../../src/build/tar/manifest.ts";
import type { Node } from "../../../src/build/view/tree.ts";
import { stackedTree } from "../../../src/build/view/tree.ts";

/** A layer's manifest: directories end with a slash, links are written `path -> target`, the rest are `path=content`. */
export const manifest = (...lines: readonly (string | ManifestEntry)[]): readonly ManifestEntry[] =>
  lines.map((line): ManifestEntry => {
    if (typeof line !== "string") return line;
    const base = { mode: "0755", uid: 0, gid: 0, mtime: 1 };
    if (line.endsWith("/")) return { ...base, path: line.slice(0, -1), type: "directory" };
    const [path = "", target] = line.split(" -> ");
    if (target !== undefined) return { ...base, path, type: "symlink", target };
    const [name = "", content = ""] = line.split("=");
    return { ...base, path: name, type: "file", size: content.length, sha256: content };
  });

export const whiteout = (path: string): ManifestEntry => ({
  path,
  type: "character",
  device: "0:0",
  mode: "0000",
  uid: 0,
  gid: 0,
});

export const opaque = (path: string): ManifestEntry => ({
  path,
  type: "directory",
  mode: "0755",
  uid: 0,
  gid: 0,
  xattrs: { "trusted.overlay.opaque": "eQ==" },
});

export const stacked = (...layers: readonly (readonly ManifestEntry[])[]): Node => stackedTree(layers);
