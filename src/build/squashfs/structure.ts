import type { FileHandle } from "node:fs/promises";
import { readSuperblock, superblockLength } from "../../audit/squashfs.ts";
import { readInodes, type Directory, type Inode } from "./inodes.ts";
import { unpack, type Metadata } from "./metadata.ts";
import { judgeTables, placeOf, type Reader } from "./tables.ts";

/**
 * What reading a squashfs back cannot show, because the reader does not ask for it and the kernel will: numbers of inodes,
 * counts of links, parents, the order of names and the indexes by which they are looked up. Faults in words. Of an image whose
 * compression no program here unpacks block by block (lz4, lzo) nothing is judged.
 */
export async function structureFaults(file: FileHandle, signal: AbortSignal): Promise<string[]> {
  const head = await read(file, 0, superblockLength);
  const { compression, block } = readSuperblock(head);
  if (!["gzip", "xz", "zstd"].includes(compression)) return [];
  const reader: Reader = {
    head,
    read: (from, to) => read(file, from, to),
    unpack: (table) => unpack(table, compression, signal),
  };
  const { first, fault } = await judgeTables(reader);
  if (fault !== undefined) return [fault];
  const [inodeTable, directoryTable] = [placeOf(reader, 64) ?? 0, placeOf(reader, 72) ?? 0];
  const inodes = await reader.unpack(await reader.read(inodeTable, directoryTable));
  const listings = await reader.unpack(await reader.read(directoryTable, first));
  const all = inodes === undefined ? undefined : readInodes(inodes, block);
  if (inodes === undefined || all === undefined) return ["its table of inodes cannot be read"];
  if (listings === undefined) return ["its table of directories cannot be read"];
  const root = head.readBigUInt64LE(32);
  return judge(all, { inodes, listings }, inodes.find(Number(root >> 16n), Number(root & 0xffffn)));
}

async function read(file: FileHandle, from: number, to: number): Promise<Buffer> {
  const length = Math.max(0, Math.min(to - from, 2 ** 28));
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, from);
  return buffer.subarray(0, bytesRead);
}

interface Tables {
  readonly inodes: Metadata;
  readonly listings: Metadata;
}

interface Entry {
  readonly name: string;
  readonly inode: Inode;
}

/** Directories are walked by their entries; every fault ends the walk, since what follows would be guesswork. */
function judge(all: readonly Inode[], tables: Tables, first: number): string[] {
  const byPlace = new Map(all.map((inode) => [inode.at, inode]));
  const root = byPlace.get(first);
  if (
    new Set(all.map(({ number }) => number)).size !== all.length ||
    all.some(({ number }) => number < 1 || number > all.length)
  )
    return ["its inodes are not numbered one after the other"];
  if (root?.directory?.parent !== all.length + 1) return ["its root directory is not where it should be"];
  const names = new Map<Inode, number>();
  let listed = 0;
  const queue: Inode[] = [root];
  for (let inode = queue.pop(); inode?.directory !== undefined; inode = queue.pop()) {
    const entries = readListing(inode.directory, tables, byPlace);
    if (typeof entries === "string") return [`a directory ${entries}`];
    listed += inode.directory.size - 3;
    const folders = entries.filter((entry) => entry.inode.directory !== undefined);
    if (inode.links !== folders.length + 2) return ["a directory counts its links wrongly"];
    if (folders.some((entry) => entry.inode.directory?.parent !== inode.number))
      return ["a directory names another parent"];
    for (const entry of entries) names.set(entry.inode, (names.get(entry.inode) ?? 0) + 1);
    queue.push(...folders.map((entry) => entry.inode));
  }
  if (listed !== tables.listings.bytes.length) return ["its table of directories has parts that belong to none"];
  if (names.size + 1 !== all.length) return ["it has inodes without a name"];
  if ([...names].some(([{ directory, links }, count]) => directory === undefined && links !== count))
    return ["a file counts its links wrongly"];
  return [];
}

/** A listing: headers, each for up to 256 entries whose inodes begin in one block; or what is wrong with it. */
function readListing(
  directory: Directory,
  { inodes, listings }: Tables,
  byPlace: ReadonlyMap<number, Inode>,
): Entry[] | string {
  const { bytes } = listings;
  const start = listings.find(directory.block, directory.offset);
  const end = start + directory.size - 3;
  if (directory.size > 3 && (start < 0 || end > bytes.length)) return "lies outside its table";
  const entries: Entry[] = [];
  const index = new Map(directory.index.map((each) => [start + each.position, each]));
  let followed = 0;
  for (let at = start; at < end;) {
    const shortcut = index.get(at);
    if (shortcut !== undefined) followed += 1;
    if (shortcut !== undefined && shortcut.block !== listings.blockAt(at)) return "has an index into another block";
    if (at + 12 > end) return "ends too early";
    const [count, block, base] = [bytes.readUInt32LE(at) + 1, bytes.readUInt32LE(at + 4), bytes.readUInt32LE(at + 8)];
    at += 12;
    for (let left = count; left > 0; left--) {
      if (at + 8 > end) return "ends too early";
      const length = bytes.readUInt16LE(at + 6) + 1;
      const name = bytes.toString("latin1", at + 8, at + 8 + length);
      const inode = byPlace.get(inodes.find(block, bytes.readUInt16LE(at)));
      if (inode === undefined || inode.type !== bytes.readUInt16LE(at + 4))
        return "has an entry that leads to no such inode";
      if (inode.number !== base + bytes.readInt16LE(at + 2)) return "has an entry with another inode's number";
      if (left === count && shortcut !== undefined && shortcut.name !== name) return "has an index with another name";
      if (name <= (entries.at(-1)?.name ?? "")) return "is not sorted";
      entries.push({ name, inode });
      at += 8 + length;
    }
  }
  return followed === directory.index.length ? entries : "has an index that leads nowhere";
}
