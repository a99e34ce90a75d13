import type { ManifestEntry } from "../../../src/build/tar/manifest.ts";
import { stackOf, type Tree } from "../../../src/build/stack.ts";

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

/** The folders that a layer's lines lie in go without saying. */
export const stacked = (...layers: readonly (readonly ManifestEntry[])[]): Tree => stackOf(layers.map(complete)).root;

function complete(lines: readonly ManifestEntry[]): readonly ManifestEntry[] {
  const told = new Set(lines.map(({ path }) => path));
  const folders = lines.flatMap(({ path }) => {
    const parts = path.split("/").slice(0, -1);
    return parts.map((_, at) => parts.slice(0, at + 1).join("/"));
  });
  const added = [...new Set(folders)].filter((path) => !told.has(path)).map((path) => `${path}/`);
  return [{ path: ".", type: "directory" }, ...manifest(...added), ...lines];
}
