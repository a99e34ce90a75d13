import type { Metadata } from "./metadata.ts";

/** A file of a squashfs read by places, and how its tables are decompressed. */
export interface Reader {
  readonly head: Buffer;
  read(from: number, to: number): Promise<Buffer>;
  unpack(table: Buffer): Promise<Metadata | undefined>;
}

const absent = 0xffff_ffff_ffff_ffffn;
const blockLength = 8192;

/** Place of a table in the superblock; undefined when there is none. */
export function placeOf({ head }: Pick<Reader, "head">, at: number): number | undefined {
  const place = head.readBigUInt64LE(at);
  return place === absent ? undefined : Number(place);
}

/** A table that is found by pointers to its blocks, which lie just before the pointers. */
export interface Pointed {
  readonly first: number;
  readonly table: Metadata;
  readonly end: number;
}

/** Read such a table of `count` entries; undefined when its pointers, its blocks and the count do not fit each other. */
export async function readPointed(
  reader: Reader,
  { pointers, blocksEnd, count, size }: { pointers: number; blocksEnd: number; count: number; size: number },
): Promise<Pointed | undefined> {
  const end = pointers + 8 * Math.ceil((count * size) / blockLength);
  const places = await reader.read(pointers, end);
  if (count === 0 || places.length !== end - pointers) return undefined;
  const first = Number(places.readBigUInt64LE(0));
  const table = await reader.unpack(await reader.read(first, blocksEnd));
  if (table?.bytes.length !== count * size) return undefined;
  for (let at = 0; at < places.length; at += 8)
    if (Number(places.readBigUInt64LE(at)) - first !== table.blockAt((at / 8) * blockLength)) return undefined;
  return { first, table, end };
}

/** Tables behind the directories: fragments, owners, attributes. Where the first of them begins, and what is wrong. */
export async function judgeTables(reader: Reader): Promise<{ readonly first: number; readonly fault?: string }> {
  const { head } = reader;
  const owners = placeOf(reader, 48) ?? 0;
  const attributes = placeOf(reader, 56);
  const fragmentCount = head.readUInt32LE(16);
  const ids = await readPointed(reader, { pointers: owners, blocksEnd: owners, count: head.readUInt16LE(26), size: 4 });
  if (ids === undefined) return { first: 0, fault: "its table of owners cannot be read" };
  const end = attributes === undefined ? ids.end : await judgeAttributes(reader, attributes, ids.end);
  if (typeof end === "string") return { first: 0, fault: end };
  if (end !== Number(head.readBigUInt64LE(40)))
    return { first: 0, fault: "its length is not where its last table ends" };
  const exports = placeOf(reader, 88);
  const before = exports === undefined ? ids : await readExports(reader, exports, ids.first);
  if (before === undefined) return { first: 0, fault: "its table of exports cannot be read" };
  if (fragmentCount === 0) return { first: before.first };
  const pointers = placeOf(reader, 80) ?? 0;
  const fragments = await readPointed(reader, { pointers, blocksEnd: pointers, count: fragmentCount, size: 16 });
  if (fragments?.end !== before.first) return { first: 0, fault: "its table of fragments cannot be read" };
  const sound = judgeFragments(fragments.table.bytes, placeOf(reader, 64) ?? 0, head.readUInt32LE(12));
  return sound ? { first: fragments.first } : { first: 0, fault: "its fragments lie where they cannot" };
}

async function readExports(reader: Reader, pointers: number, owners: number): Promise<Pointed | undefined> {
  const count = reader.head.readUInt32LE(4);
  const table = await readPointed(reader, { pointers, blocksEnd: pointers, count, size: 8 });
  return table?.end === owners ? table : undefined;
}

/** Place, size with a bit for "not compressed", and four bytes of nothing. */
function judgeFragments(bytes: Buffer, inodes: number, blockSize: number): boolean {
  for (let at = 0; at < bytes.length; at += 16) {
    const [start, size] = [Number(bytes.readBigUInt64LE(at)), bytes.readUInt32LE(at + 8) & ~(1 << 24)];
    if (size < 0 || size > blockSize || start + size > inodes || bytes.readUInt32LE(at + 12) !== 0) return false;
  }
  return true;
}

const prefixes = ["user.", "trusted.", "security."];

/** Sets of attributes, each pairs of name and value in blocks of their own; returns where it all ends, or what is wrong. */
async function judgeAttributes(reader: Reader, place: number, start: number): Promise<number | string> {
  const bad = "its table of attributes cannot be read";
  const table = await reader.read(place, place + 16);
  if (table.length < 16 || table.readUInt32LE(12) !== 0 || Number(table.readBigUInt64LE(0)) !== start) return bad;
  const shape = { pointers: place + 16, blocksEnd: place, count: table.readUInt32LE(8), size: 16 };
  const sets = await readPointed(reader, shape);
  const pairs = sets === undefined ? undefined : await reader.unpack(await reader.read(start, sets.first));
  if (sets === undefined || pairs === undefined) return bad;
  try {
    for (let at = 0; at < sets.table.bytes.length; at += 16)
      if (!judgeSet(sets.table.bytes.subarray(at, at + 16), pairs)) return bad;
  } catch (problem) {
    if (problem instanceof RangeError) return bad; // A pair leads outside the table.
    throw problem;
  }
  return sets.end;
}

/** A set names its first pair, how many they are, and what their full names, each ended, and their values come to. */
function judgeSet(set: Buffer, pairs: Metadata): boolean {
  const { bytes } = pairs;
  const follow = (place: bigint): number => pairs.find(Number(place >> 16n), Number(place & 0xffffn));
  let at = follow(set.readBigUInt64LE(0));
  let size = 0;
  for (let left = set.readUInt32LE(8); left > 0; left--) {
    const [type, length] = [bytes.readUInt16LE(at), bytes.readUInt16LE(at + 2)];
    const prefix = prefixes[type & 0xff];
    if (prefix === undefined || (type & 0xfe00) !== 0) return false;
    const value = at + 4 + length;
    const stored = bytes.readUInt32LE(value);
    const elsewhere = (type & 0x100) !== 0; // The value is the place of a value that several pairs share.
    size +=
      prefix.length + length + 1 + (elsewhere ? bytes.readUInt32LE(follow(bytes.readBigUInt64LE(value + 4))) : stored);
    at = value + 4 + stored;
  }
  return size === set.readUInt32LE(12) && at <= bytes.length;
}
