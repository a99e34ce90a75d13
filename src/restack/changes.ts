import { stackOf } from "../build/stack.ts";
import type { ManifestEntry } from "../build/tar/manifest.ts";

/** Manifests of modules, lowest first. */
export type Layers = readonly (readonly ManifestEntry[])[];

/** How a path of the tree that a base shows differs from that of another. */
export type Change =
  "appeared" | "disappeared" | "became something else" | "has other content" | "has other attributes";

/** What stacked layers show at each path. */
export const shownBy = (layers: Layers): ReadonlyMap<string, ManifestEntry> =>
  new Map([...stackOf(layers).paths()].map(({ path, inode }) => [path, inode.entry]));

/** Paths that two bases show differently. Times are not compared: nobody tells one system from another by them. */
export function changesBetween(
  before: ReadonlyMap<string, ManifestEntry>,
  after: ReadonlyMap<string, ManifestEntry>,
): ReadonlyMap<string, Change> {
  const changes = new Map<string, Change>();
  for (const path of [...new Set([...before.keys(), ...after.keys()])].sort()) {
    const change = changeOf(before.get(path), after.get(path));
    if (change !== undefined) changes.set(path, change);
  }
  return changes;
}

/** How two members differ, by the first thing that a person would name. */
export function changeOf(was: ManifestEntry | undefined, is: ManifestEntry | undefined): Change | undefined {
  if (was === undefined || is === undefined)
    return was === is ? undefined : was === undefined ? "appeared" : "disappeared";
  if (was.type !== is.type) return "became something else";
  if (was.size !== is.size || was.sha256 !== is.sha256 || was.target !== is.target || was.device !== is.device)
    return "has other content";
  return attributesOf(was) === attributesOf(is) ? undefined : "has other attributes";
}

/** Marks of overlayfs say what a member does to those below it, and nothing of the member itself. */
const attributesOf = ({ mode, uid, gid, xattrs = {} }: ManifestEntry): string =>
  JSON.stringify([
    ...[mode, uid, gid],
    Object.entries(xattrs)
      .filter(([name]) => !name.startsWith("trusted.overlay."))
      .sort(([a], [b]) => (a < b ? -1 : 1)),
  ]);
