import type { ManifestEntry } from "./manifest.ts";

/** How a tree that was read back differs from the manifest it should have, in words, sorted by path; none when it does not. */
export const differences = (expected: readonly ManifestEntry[], found: readonly ManifestEntry[]): string[] =>
  contrasts(expected, found).map(inWords);

/** One thing in which two trees differ at a path. What only one of them has is undefined in the other. */
export interface Contrast {
  readonly path: string;
  readonly what: "presence" | "links" | (typeof compared)[number] | `attribute ${string}`;
  readonly want?: string;
  readonly have?: string;
}

/** All of them, sorted by path. */
export function contrasts(expected: readonly ManifestEntry[], found: readonly ManifestEntry[]): Contrast[] {
  const wanted = inodes(expected);
  const there = inodes(found);
  const paths = [...new Set([...wanted.keys(), ...there.keys()])].sort();
  return paths.flatMap((path) => {
    const [want, have] = [wanted.get(path), there.get(path)];
    if (have === undefined) return [{ path, what: "presence", want: want?.type ?? "" }];
    if (want === undefined) return [{ path, what: "presence", have: have.type }];
    return differing(path, want, have);
  });
}

function inWords({ path, what, want, have }: Contrast): string {
  if (what === "presence") return `${path} ${have === undefined ? "is missing" : "should not be there"}`;
  if (what === "links") return `${path} is ${have ?? ""}, not ${want ?? ""}`;
  if (!what.startsWith("attribute "))
    return `${path}: ${words[what as keyof typeof words]} is ${have ?? "absent"}, not ${want ?? "absent"}`;
  if (have === undefined) return `${path}: ${what} is missing`;
  return `${path}: ${what} ${want === undefined ? "should not be there" : "has another value"}`;
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

/** What people call them. */
export const words: Record<(typeof compared)[number], string> = {
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

function differing(path: string, want: Inode, have: Inode): Contrast[] {
  const attributes = compared
    .filter((what) => want[what] !== have[what])
    .map((what) => ({ path, what, ...sides(shown(want[what]), shown(have[what])) }));
  const same = want.leader === have.leader;
  const links = same ? [] : [{ path, what: "links" as const, want: kin(path, want), have: kin(path, have) }];
  return [...attributes, ...xattrDifferences(path, want.xattrs ?? {}, have.xattrs ?? {}), ...links];
}

const kin = (path: string, { leader }: Inode): string =>
  leader === path ? "a file of its own" : `a hard link of ${leader}`;

function xattrDifferences(path: string, want: Readonly<Record<string, string>>, have: typeof want): Contrast[] {
  const names = [...new Set([...Object.keys(want), ...Object.keys(have)])].sort();
  return names
    .filter((name) => want[name] !== have[name])
    .map((name) => ({ path, what: `attribute ${name}` as const, ...sides(want[name], have[name]) }));
}

const sides = (want: string | undefined, have: string | undefined): Pick<Contrast, "want" | "have"> => ({
  ...(want === undefined ? {} : { want }),
  ...(have === undefined ? {} : { have }),
});

const shown = (value: string | number | undefined): string | undefined => (value === undefined ? value : String(value));
