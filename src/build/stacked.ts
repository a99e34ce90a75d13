import { stackOf, type Shown } from "./stack.ts";
import { readable, type ManifestEntry } from "./tar/manifest.ts";

type Paths = ReadonlyMap<string, Shown<ManifestEntry>>;

/** The tree that layers show when they are stacked, lowest first, by path. Names are as manifests spell them. */
export const stacked = (layers: readonly (readonly ManifestEntry[])[]): Paths =>
  new Map([...stackOf(layers).paths()].map((shown) => [shown.path, shown]));

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
export function deviations(shown: Paths, listing: string): string[] {
  const built = new Map(described(listing));
  const lost = [...built].flatMap(([path, words]) => {
    const have = inWords(shown.get(path)?.inode.entry);
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

const inWords = (entry: ManifestEntry | undefined): string =>
  entry === undefined
    ? "nothing"
    : words({
        type: entry.type,
        mode: Number.parseInt(entry.mode ?? "0", 8),
        uid: String(entry.uid ?? 0),
        gid: String(entry.gid ?? 0),
        size: String(entry.size ?? 0),
        target: entry.target ?? "",
      });

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
