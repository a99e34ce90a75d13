import { capture } from "../system/process.ts";
import { extents, listExtents } from "../tools/xorriso-read.ts";
import type { Image } from "./image.ts";
import type { Tree } from "./tree.ts";
import { error, type Finding } from "./verdict.ts";
import { sector, type Volume } from "./volume.ts";

/** xorriso reads the same directories with other code: where it sees something else, one of us is misled. */
export async function compareListing(
  image: Image,
  { catalog }: Volume,
  tree: Tree,
  signal: AbortSignal,
): Promise<Finding[]> {
  const listing = await capture({ tool: "xorriso", args: listExtents(image.path), signal, accept: [32] });
  const theirs = new Map<string, string>();
  for (const { path, start, bytes } of extents(listing)) add(theirs, path, start, bytes);
  const ours = new Map<string, string>();
  for (const { path, type, extents: own } of tree.values())
    for (const { at, length } of type === "file" ? own : [])
      // To xorriso the boot catalog is no ordinary file.
      if (catalog === undefined || at !== catalog * sector) add(ours, `/${path}`, at, length);
  const paths = [...new Set([...theirs.keys(), ...ours.keys()])].sort();
  return paths
    .filter((path) => theirs.get(path) !== ours.get(path))
    .map((path) =>
      error(
        path,
        `xorriso finds ${theirs.get(path) ?? "nothing"} there; the directory says ${ours.get(path) ?? "nothing"}`,
      ),
    );
}

/** Where an empty file is said to lie means nothing. */
function add(places: Map<string, string>, path: string, at: number, bytes: number): void {
  const before = places.get(path);
  const text = bytes === 0 ? "0 bytes" : `${String(bytes)} bytes at ${String(at)}`;
  places.set(path, before === undefined ? text : `${before}, ${text}`);
}
