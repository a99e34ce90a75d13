import { createHash, type Hash } from "node:crypto";
import { readText } from "../../system/files.ts";
import type { TarEntry, TarType } from "./entry.ts";
import type { TarVisitor } from "./read.ts";

/** One line of a layer's manifest: everything a file system keeps of one path. */
export interface ManifestEntry {
  readonly path: string;
  readonly type: TarType;
  /** Of a symlink as it stands; of a hard link the path it shares its content and attributes with. */
  readonly target?: string;
  /** Permission bits as four octal digits. The attributes from here on are absent from hard links. */
  readonly mode?: string;
  readonly uid?: number;
  readonly gid?: number;
  readonly mtime?: number;
  readonly size?: number;
  readonly sha256?: string;
  readonly device?: string;
  /** Values in base64. */
  readonly xattrs?: Readonly<Record<string, string>>;
}

/** Every entry of a layer's manifest, in its order. */
export async function readManifest(path: string): Promise<ManifestEntry[]> {
  const lines = (await readText(path)).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as ManifestEntry);
}

/** Makes a manifest entry of each member that streams by, hashing its content on the way. */
export class Manifester implements TarVisitor {
  readonly #tell: (entry: ManifestEntry) => void;
  #entry: TarEntry | undefined;
  #hash: Hash | undefined;

  constructor(tell: (entry: ManifestEntry) => void) {
    this.#tell = tell;
  }

  entry(entry: TarEntry): void {
    this.#entry = entry;
    this.#hash = entry.type === "file" && entry.size > 0 ? createHash("sha256") : undefined;
  }

  content(piece: Buffer): void {
    this.#hash?.update(piece);
  }

  end(): void {
    if (this.#entry !== undefined) this.#tell(manifestEntry(this.#entry, this.#hash?.digest("hex") ?? emptySha256));
  }
}

const emptySha256 = createHash("sha256").digest("hex");

function manifestEntry(entry: TarEntry, sha256: string): ManifestEntry {
  const path = readable(entry.path);
  const target = entry.target === undefined ? {} : { target: readable(entry.target) };
  if (entry.type === "link") return { path, type: "link", ...target };
  return {
    path,
    type: entry.type,
    ...target,
    mode: entry.mode.toString(8).padStart(4, "0"),
    uid: entry.uid,
    gid: entry.gid,
    mtime: entry.mtime,
    ...(entry.type === "file" ? { size: entry.size, sha256 } : {}),
    ...(entry.device === undefined ? {} : { device: entry.device.join(":") }),
    ...(entry.xattrs.size === 0 ? {} : { xattrs: xattrText(entry.xattrs) }),
  };
}

const xattrText = (xattrs: ReadonlyMap<string, Buffer>): Record<string, string> =>
  Object.fromEntries(
    [...xattrs].sort(([a], [b]) => (a < b ? -1 : 1)).map(([name, value]) => [name, value.toString("base64")]),
  );

/** File names are bytes. UTF-8 is shown as text; in a name that is none, every byte beyond ASCII becomes \xNN. */
export function readable(bytes: string): string {
  const raw = Buffer.from(bytes, "latin1");
  const text = raw.toString("utf8");
  if (Buffer.from(text, "utf8").equals(raw)) return text;

  return bytes.replace(/[^\x00-\x7f]/g, (byte) => `\\x${byte.charCodeAt(0).toString(16)}`);
}
