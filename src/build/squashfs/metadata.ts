import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { inflateSync } from "node:zlib";
import { captureBytes } from "../../system/process.ts";
import { scratch } from "../../system/scratch.ts";
import { decompress } from "../../tools/decompress.ts";

/** A table of a squashfs, decompressed. Places in it are told as its blocks lie in the file: block and offset. */
export interface Metadata {
  readonly bytes: Buffer;
  /** Where a place is in `bytes`; -1 when there is no such block. */
  readonly find: (block: number, offset: number) => number;
  /** Where a decompressed block of 8 KiB lies, counted from the table's beginning. */
  readonly blockAt: (position: number) => number;
}

/** A table's blocks hold this much but for the last. */
const blockLength = 8192;

interface Block {
  readonly at: number;
  readonly packed: boolean;
  readonly data: Buffer;
}

/** Each block begins with its length in two bytes, whose top bit says that it was left as it is. */
function blocksOf(table: Buffer): Block[] | undefined {
  const blocks: Block[] = [];
  for (let at = 0; at < table.length;) {
    if (at + 2 > table.length) return undefined;
    const head = table.readUInt16LE(at);
    const length = head & 0x7fff;
    if (length === 0 || length > blockLength || at + 2 + length > table.length) return undefined;
    blocks.push({ at, packed: (head & 0x8000) === 0, data: table.subarray(at + 2, at + 2 + length) });
    at += 2 + length;
  }
  return blocks;
}

/** Decompress a table; undefined when its blocks are not what a table is made of. */
export async function unpack(table: Buffer, compression: string, signal: AbortSignal): Promise<Metadata | undefined> {
  const blocks = blocksOf(table);
  if (blocks === undefined) return undefined;
  const packed = blocks.filter((block) => block.packed).map(({ data }) => data);
  const plain = packed.length === 0 ? Buffer.alloc(0) : await unpackAll(packed, compression, signal);
  const last = blocks.at(-1);
  const bytes: Buffer[] = [];
  let used = 0;
  for (const block of blocks) {
    const whole = block === last ? plain.length - used : blockLength;
    const piece = block.packed ? plain.subarray(used, used + whole) : block.data;
    if (block.packed) used += piece.length;
    if (block === last ? piece.length > blockLength || piece.length === 0 : piece.length !== blockLength)
      return undefined;
    bytes.push(piece);
  }
  if (used !== plain.length) return undefined;
  const starts = new Map(blocks.map(({ at }, index) => [at, index * blockLength]));
  return {
    bytes: Buffer.concat(bytes),
    find: (block, offset) => {
      const start = starts.get(block);
      return start === undefined || offset >= blockLength ? -1 : start + offset;
    },
    blockAt: (position) => blocks[Math.floor(position / blockLength)]?.at ?? -1,
  };
}

async function unpackAll(blocks: readonly Buffer[], compression: string, signal: AbortSignal): Promise<Buffer> {
  if (compression === "gzip") return Buffer.concat(blocks.map(inflated));
  await using folder = await scratch();
  const file = join(folder.path, "blocks");
  await writeFile(file, Buffer.concat(blocks));
  const command = decompress(compression, file);
  return command === undefined ? Buffer.alloc(0) : await captureBytes({ ...command, signal });
}

/** A block that cannot be inflated has no content, which is then told as too short. */
function inflated(block: Buffer): Buffer {
  try {
    return inflateSync(block);
  } catch {
    return Buffer.alloc(0);
  }
}
