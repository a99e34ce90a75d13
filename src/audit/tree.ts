import type { Image } from "./image.ts";
import { error, type Finding } from "./verdict.ts";
import { sector, type Read } from "./volume.ts";

/** One file of an ISO 9660 file system with Rock Ridge names (IEEE P1282). Paths have no leading slash. */
export interface Node {
  readonly path: string;
  readonly type: "file" | "directory" | "symlink";
  readonly size: number;
  /** Stretches of the image in bytes: more than one where a file has over 4 GiB. */
  readonly extents: readonly { readonly at: number; readonly length: number }[];
  readonly target?: string;
  /** What Rock Ridge says of it besides, where it does. */
  readonly attributes?: Attributes;
}

export interface Attributes {
  /** Permission bits. */
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  /** Seconds since 1970. */
  readonly mtime?: number;
}

export type Tree = ReadonlyMap<string, Node>;

/** Read all directories of the file system that begins with that directory record. Damage is told, and what is left returned. */
export async function readTree(image: Image, root: Buffer): Promise<Read<Tree>> {
  const nodes = new Map<string, Node>();
  const findings: Finding[] = [];
  const seen = new Set<number>();
  const queue: Node[] = [{ path: "", type: "directory", size: root.readUInt32LE(10), extents: [extentOf(root)] }];
  for (let folder = queue.shift(); folder !== undefined; folder = queue.shift()) {
    const where = `/${folder.path}`;
    const [extent] = folder.extents;
    if (extent === undefined || seen.has(extent.at)) {
      findings.push(error(where, "this directory contains itself"));
      continue;
    }
    seen.add(extent.at);
    const bytes = await image.read(extent.at, extent.length);
    if (bytes.length < extent.length) findings.push(error(where, "this directory lies beyond the end of the file"));
    const inside = await readFolder(image, folder.path, bytes);
    findings.push(...inside.findings);
    for (const node of inside.value) {
      nodes.set(node.path, node);
      if (node.type === "directory") queue.push(node);
      else findings.push(...beyond(node, image));
    }
  }
  return { value: nodes, findings };
}

const beyond = ({ path, extents }: Node, image: Image): Finding[] =>
  extents.some(({ at, length }) => length > 0 && at + length > image.size)
    ? [error(`/${path}`, "this file lies beyond the end of the image")]
    : [];

async function readFolder(image: Image, folder: string, bytes: Buffer): Promise<Read<readonly Node[]>> {
  const nodes: Node[] = [];
  let parts: Node["extents"] = [];
  for (let at = 0; at < bytes.length;) {
    const length = bytes[at] ?? 0;
    if (length === 0) {
      at = (Math.floor(at / sector) + 1) * sector; // Records do not cross sectors.
      continue;
    }
    const record = bytes.subarray(at, at + length);
    at += length;
    if (length < 34 || record.length < length || 33 + (record[32] ?? 0) > length)
      return { value: nodes, findings: [error(`/${folder}`, "this directory is damaged")] };
    const name = record.subarray(33, 33 + (record[32] ?? 0));
    if (name.length === 1 && (name[0] ?? 2) < 2) continue; // "." and ".."
    parts = [...parts, extentOf(record)];
    const more = ((record[25] ?? 0) & 0x80) !== 0;
    if (more) continue;
    nodes.push(toNode(folder, record, name, parts, await rockRidge(image, record)));
    parts = [];
  }
  return { value: nodes, findings: [] };
}

function toNode(folder: string, record: Buffer, plain: Buffer, extents: Node["extents"], rock: Rock): Node {
  const name = rock.name === "" ? plain.toString("latin1").replace(/\.?;1$/, "") : rock.name;
  const path = folder === "" ? name : `${folder}/${name}`;
  const size = extents.reduce((total, { length }) => total + length, 0);
  const more = rock.attributes === undefined ? {} : { attributes: rock.attributes };
  if (rock.target !== undefined) return { path, type: "symlink", size: 0, extents: [], target: rock.target, ...more };
  return { path, type: ((record[25] ?? 0) & 2) !== 0 ? "directory" : "file", size, extents, ...more };
}

const extentOf = (record: Buffer): { at: number; length: number } => ({
  at: record.readUInt32LE(2) * sector,
  length: record.readUInt32LE(10),
});

interface Rock {
  readonly name: string;
  readonly target?: string;
  readonly attributes?: Attributes;
}

/**
 * The system use entries of a directory record: NM holds the name, SL a link's target, PX and TF its attributes; CE says where
 * they go on.
 */
async function rockRidge(image: Image, record: Buffer): Promise<Rock> {
  const nameLength = record[32] ?? 0;
  let area = record.subarray(33 + nameLength + (nameLength % 2 === 0 ? 1 : 0));
  const names: Buffer[] = [];
  const link: Buffer[] = [];
  let attributes: Attributes | undefined;
  let mtime: number | undefined;
  for (let hops = 0; hops < 64; hops++) {
    let next: Buffer | undefined;
    for (const { kind, body } of systemUse(area)) {
      if (kind === "NM") names.push(body.subarray(1));
      if (kind === "SL") link.push(body.subarray(1));
      if (kind === "PX" && body.length >= 32) attributes = owned(body);
      if (kind === "TF") mtime = modified(body);
      if (kind === "CE" && body.length >= 24)
        next = await image.read(body.readUInt32LE(0) * sector + body.readUInt32LE(8), body.readUInt32LE(16));
    }
    if (next === undefined) break;
    area = next;
  }
  const name = Buffer.concat(names).toString("utf8");
  return {
    name,
    ...(link.length === 0 ? {} : { target: linkTarget(Buffer.concat(link)) }),
    ...(attributes === undefined ? {} : { attributes: { ...attributes, ...(mtime === undefined ? {} : { mtime }) } }),
  };
}

/** Mode, links, owner, group: each in both byte orders. */
const owned = (body: Buffer): Attributes => ({
  mode: body.readUInt32LE(0) & 0o7777,
  uid: body.readUInt32LE(16),
  gid: body.readUInt32LE(24),
});

/** Flags say which stamps follow: creation (1), then modification (2); of seven bytes each, or of seventeen (0x80). */
function modified(body: Buffer): number | undefined {
  const flags = body[0] ?? 0;
  const stamp = body.subarray((flags & 1) === 0 ? 1 : 8);
  if ((flags & 0x82) !== 2 || stamp.length < 7) return undefined;
  const [year = 0, month = 1, day, hour, minute, second] = stamp;
  return Date.UTC(1900 + year, month - 1, day, hour, minute, second) / 1000 - stamp.readInt8(6) * 15 * 60;
}

function* systemUse(area: Buffer): Generator<{ kind: string; body: Buffer }> {
  for (let at = 0; at + 4 <= area.length;) {
    const length = area[at + 2] ?? 0;
    if (length < 4 || at + length > area.length) return;
    yield { kind: area.toString("latin1", at, at + 2), body: area.subarray(at + 4, at + length) };
    at += length;
  }
}

/** Components: flags (1 goes on, 2 ".", 4 "..", 8 "/"), length, text. */
function linkTarget(components: Buffer): string {
  let target = "";
  let joined = true;
  for (let at = 0; at + 2 <= components.length;) {
    const [flags = 0, length = 0] = [components[at], components[at + 1]];
    const text = components.toString("utf8", at + 2, at + 2 + length);
    const part = (flags & 8) !== 0 ? "/" : (flags & 4) !== 0 ? ".." : (flags & 2) !== 0 ? "." : text;
    target += (joined || target.endsWith("/") ? "" : "/") + part;
    joined = (flags & 1) !== 0;
    at += 2 + length;
  }
  return target;
}
