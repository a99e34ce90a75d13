import { Joint, type Joined } from "./tar/join.ts";
import type { TarEntry } from "./tar/entry.ts";
import { readable, type ManifestEntry } from "./tar/manifest.ts";

/** The tree that layers show when they are stacked, lowest first, by path. Names are as manifests spell them. */
export function stacked(layers: readonly (readonly ManifestEntry[])[]): ReadonlyMap<string, Joined> {
  const joint = new Joint();
  for (const manifest of layers) {
    const layer = joint.layer();
    for (const line of manifest) layer.add(entryOf(line), 0);
  }
  return new Map([...joint.paths()].map((joined) => [joined.path, joined]));
}

const entryOf = ({ path, type, mode = "0", uid = 0, gid = 0, ...line }: ManifestEntry): TarEntry => ({
  path,
  type,
  mode: Number.parseInt(mode, 8),
  uid,
  gid,
  size: line.size ?? 0,
  mtime: line.mtime ?? 0,
  ...(line.target === undefined ? {} : { target: line.target }),
  ...(line.device === undefined ? {} : { device: line.device.split(":").map(Number) as [number, number] }),
  xattrs: new Map(Object.entries(line.xattrs ?? {}).map(([name, value]) => [name, Buffer.from(value, "base64")])),
});

const types: Readonly<Record<string, string>> = {
  f: "file",
  d: "directory",
  l: "symlink",
  c: "character",
  b: "block",
  p: "fifo",
  s: "socket",
};

/**
 * How what stacked layers show differs from the tree that was built, as `hooks/listing` lists it, in words. Times are not
 * compared, since layers clamp them, nor is what the group may do, which an access control list tells otherwise.
 */
export function deviations(shown: ReadonlyMap<string, Joined>, listing: string): string[] {
  const built = new Map(described(listing));
  const lost = [...built].flatMap(([path, words]) => {
    const joined = shown.get(path);
    const have = joined === undefined ? "nothing" : inWords(joined.inode.entry);
    return have === words ? [] : [`${path} is ${words}, and the layers show ${have}`];
  });
  const extra = [...shown].flatMap(([path, { inode }]) =>
    built.has(path) || path === "." ? [] : [`${path} is not there, and the layers show ${inWords(inode.entry)}`],
  );
  return [...lost, ...extra].sort();
}

/** Three words of the listing each: attributes, a link's target, the path. */
function* described(listing: string): Generator<[string, string]> {
  const all = listing.split("\0");
  for (let at = 0; at + 3 < all.length; at += 3) {
    const [attributes = "", target = "", path = ""] = all.slice(at, at + 3);
    const [letter = "", mode = "", uid = "", gid = "", size = ""] = attributes.split("\t");
    const type = types[letter] ?? letter;
    const octal = Number.parseInt(mode, 8);
    yield [readable(path), words({ type, mode: octal, uid, gid, size, target: readable(target) })];
  }
}

const inWords = ({ type, mode, uid, gid, size, target = "" }: TarEntry): string =>
  words({ type, mode, uid: String(uid), gid: String(gid), size: String(size), target });

interface Words {
  readonly type: string;
  readonly mode: number;
  readonly uid: string;
  readonly gid: string;
  readonly size: string;
  readonly target: string;
}

const notGroup = 0o7707;

function words({ type, mode, uid, gid, size, target }: Words): string {
  const kind = `a ${type}${type === "file" ? ` of ${size} bytes` : type === "symlink" ? ` to ${target}` : ""}`;
  return type === "symlink"
    ? `${kind} of ${uid}:${gid}`
    : `${kind} of ${uid}:${gid}, mode ${(mode & notGroup).toString(8)}`;
}
