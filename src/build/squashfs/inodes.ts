import type { Metadata } from "./metadata.ts";

/** An inode as the table has it (Linux, fs/squashfs/squashfs_fs.h). */
export interface Inode {
  /** Where it begins in the decompressed table. */
  readonly at: number;
  /** 1 to 7: directory, file, symlink, block device, character device, fifo, socket. */
  readonly type: number;
  readonly number: number;
  readonly links: number;
  readonly directory?: Directory;
}

export interface Directory {
  readonly parent: number;
  /** Of its listing, three bytes more than it has. */
  readonly size: number;
  readonly block: number;
  readonly offset: number;
  readonly index: readonly IndexEntry[];
}

/** A shortcut into a long listing: the kernel skips to the last one whose name is not after the one looked for. */
export interface IndexEntry {
  readonly position: number;
  readonly block: number;
  readonly name: string;
}

const none = 0xffffffff;

/** Read the whole inode table; undefined when it is not a row of inodes from beginning to end. */
export function readInodes({ bytes }: Metadata, blockSize: number): Inode[] | undefined {
  const inodes: Inode[] = [];
  try {
    for (let at = 0; at < bytes.length;) {
      const type = bytes.readUInt16LE(at);
      const number = bytes.readUInt32LE(at + 12);
      const read = readers[type]?.(bytes, at, blockSize);
      if (read === undefined || at + read.length > bytes.length) return undefined;
      const { length, ...rest } = read;
      inodes.push({ at, type: type > 7 ? type - 7 : type, number, ...rest });
      at += length;
    }
  } catch (problem) {
    if (problem instanceof RangeError) return undefined; // The table ends within an inode.
    throw problem;
  }
  return inodes;
}

type Read = (bytes: Buffer, at: number, blockSize: number) => Pick<Inode, "links" | "directory"> & { length: number };

const u16 = (bytes: Buffer, at: number): number => bytes.readUInt16LE(at);
const u32 = (bytes: Buffer, at: number): number => bytes.readUInt32LE(at);
const blockCount = (size: number, blockSize: number, fragment: number): number =>
  fragment === none ? Math.ceil(size / blockSize) : Math.floor(size / blockSize);

const file: Read = (bytes, at, blockSize) => ({
  links: 1,
  length: 32 + 4 * blockCount(u32(bytes, at + 28), blockSize, u32(bytes, at + 20)),
});

const extendedFile: Read = (bytes, at, blockSize) => ({
  links: u32(bytes, at + 40),
  length: 56 + 4 * blockCount(Number(bytes.readBigUInt64LE(at + 24)), blockSize, u32(bytes, at + 44)),
});

const directory: Read = (bytes, at) => ({
  links: u32(bytes, at + 20),
  length: 32,
  directory: {
    block: u32(bytes, at + 16),
    size: u16(bytes, at + 24),
    offset: u16(bytes, at + 26),
    parent: u32(bytes, at + 28),
    index: [],
  },
});

const extendedDirectory: Read = (bytes, at) => {
  const index: IndexEntry[] = [];
  let end = at + 40;
  for (let left = u16(bytes, at + 32); left > 0; left--) {
    const length = u32(bytes, end + 8) + 1;
    const name = bytes.toString("latin1", end + 12, end + 12 + length);
    index.push({ position: u32(bytes, end), block: u32(bytes, end + 4), name });
    end += 12 + length;
  }
  const [size, block, parent, offset] = [
    u32(bytes, at + 20),
    u32(bytes, at + 24),
    u32(bytes, at + 28),
    u16(bytes, at + 34),
  ];
  return { links: u32(bytes, at + 16), length: end - at, directory: { block, size, offset, parent, index } };
};

const symlink =
  (more: number): Read =>
  (bytes, at) => ({ links: u32(bytes, at + 16), length: 24 + u32(bytes, at + 20) + more });

const plain =
  (length: number): Read =>
  (bytes, at) => ({ links: u32(bytes, at + 16), length });

/** By type; 8 to 14 are the extended forms of 1 to 7. */
const readers: Readonly<Record<number, Read>> = {
  1: directory,
  2: file,
  3: symlink(0),
  4: plain(24),
  5: plain(24),
  6: plain(20),
  7: plain(20),
  8: extendedDirectory,
  9: extendedFile,
  10: symlink(4),
  11: plain(28),
  12: plain(28),
  13: plain(24),
  14: plain(24),
};
