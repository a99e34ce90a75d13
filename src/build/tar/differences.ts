import type { ManifestEntry } from "./manifest.ts";

/** How a tree that was read back differs from the manifest it should have, in words, sorted by path; none when it does not. */
export function differences(expected: readonly ManifestEntry[], found: readonly ManifestEntry[]): string[] {
  const wanted = inodes(expected);
  const there = inodes(found);
  const paths = [...new Set([...wanted.keys(), ...there.keys()])].sort();
  return paths.flatMap((path) => {
    const [want, have] = [wanted.get(path), there.get(path)];
    if (have === undefined) return [`${path} is missing`];
    if (want === undefined) return [`${path} should not be there`];
    return differing(path, want, have);
  });
}

/** How many inodes a manifest stands for: hard links share theirs. */
export const inodeCount = (entries: readonly ManifestEntry[]): number =>
  entries.filter(({ type }) => type !== "link").length;

/** A path with the attributes of its inode, and the first path in byte order of those that share it. */
type Inode = Omit<ManifestEntry, "path"> & { readonly leader: string };

function inodes(entries: readonly ManifestEntry[]): Map<string, Inode> {
  const owners = new Map(entries.flatMap((entry) => (entry.type === "link" ? [] : [[entry.path, entry]])));
  const leaders = new Map<string, string>();
  const ownerOf = (entry: ManifestEntry): string => (entry.type === "link" ? (entry.target ?? "") : entry.path);
  for (const entry of entries) {
    const leader = leaders.get(ownerOf(entry));
    if (leader === undefined || entry.path < leader) leaders.set(ownerOf(entry), entry.path);
  }
  return new Map(
    entries.map((entry) => {
      const owner = ownerOf(entry);
      return [entry.path, { ...(owners.get(owner) ?? entry), leader: leaders.get(owner) ?? entry.path }];
    }),
  );
}

const compared = ["type", "target", "mode", "uid", "gid", "mtime", "size", "sha256", "device"] as const;

const words: Record<(typeof compared)[number], string> = {
  type: "type",
  target: "target",
  mode: "mode",
  uid: "owner",
  gid: "group",
  mtime: "modification time",
  size: "size",
  sha256: "content",
  device: "device number",
};

function differing(path: string, want: Inode, have: Inode): string[] {
  const attributes = compared
    .filter((key) => want[key] !== have[key])
    .map((key) => `${path}: ${words[key]} is ${shown(have[key])}, not ${shown(want[key])}`);
  const links = want.leader === have.leader ? [] : [`${path} is ${kin(path, have)}, not ${kin(path, want)}`];
  return [...attributes, ...xattrDifferences(path, want.xattrs ?? {}, have.xattrs ?? {}), ...links];
}

const kin = (path: string, { leader }: Inode): string =>
  leader === path ? "a file of its own" : `a hard link of ${leader}`;

function xattrDifferences(path: string, want: Readonly<Record<string, string>>, have: typeof want): string[] {
  const names = [...new Set([...Object.keys(want), ...Object.keys(have)])].sort();
  return names.flatMap((name) => {
    if (want[name] === have[name]) return [];
    if (have[name] === undefined) return [`${path}: attribute ${name} is missing`];
    return [`${path}: attribute ${name} ${want[name] === undefined ? "should not be there" : "has another value"}`];
  });
}

const shown = (value: string | number | undefined): string => (value === undefined ? "absent" : String(value));
