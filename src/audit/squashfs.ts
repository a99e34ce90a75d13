/** What a squashfs says of itself in its first 96 bytes. Places are offsets in the file; an absent table is undefined. */
export interface Superblock {
  readonly inodes: number;
  /** Seconds since 1970. */
  readonly made: number;
  readonly block: number;
  readonly compression: string;
  readonly bytesUsed: number;
}

export const superblockLength = 96;

const compressions = ["gzip", "lzma", "lzo", "xz", "lz4", "zstd"] as const;

/** mksquashfs fills its file up to whole 4 KiB, so that it can be mounted from a loop device. */
const filledTo = 4096;

/** The flag bits that squashfs 4.0 defines. */
const knownFlags = 0x0fff;
const exportable = 0x0080;
const noXattrs = 0x0200;

/** What is wrong with a squashfs, judged by its superblock and the file's size; in words, worst first. */
export function superblockFaults(head: Buffer, size: number): string[] {
  if (head.length < superblockLength) return [`it has ${String(size)} bytes, less than a superblock`];
  if (head.toString("latin1", 0, 4) !== "hsqs") return ["it does not begin as a squashfs does"];
  const { bytesUsed, block } = readSuperblock(head);
  const flags = head.readUInt16LE(24);
  const whole = Math.ceil(bytesUsed / filledTo) * filledTo;
  return faults([
    [head.readUInt16LE(28) !== 4 || head.readUInt16LE(30) !== 0, "it is no squashfs of version 4.0"],
    [bytesUsed > size, `it should have ${String(bytesUsed)} bytes and was cut to ${String(size)}`],
    [
      bytesUsed <= size && size !== whole && size !== bytesUsed,
      `it has ${String(size)} bytes instead of ${String(whole)}`,
    ],
    [compressions[head.readUInt16LE(20) - 1] === undefined, "its compression is not one that squashfs knows"],
    [
      block !== 2 ** head.readUInt16LE(22) || block < 4096 || block > 2 ** 20,
      `its block size cannot be ${String(block)}`,
    ],
    [(flags & ~knownFlags) !== 0, "it has flags that squashfs does not know"],
    [((flags & exportable) !== 0) !== (place(head, 88) !== undefined), "its export table and its flags disagree"],
    [(flags & noXattrs) !== 0 && place(head, 56) !== undefined, "its attribute table and its flags disagree"],
    [!inOrder(head, bytesUsed), "its tables do not lie one after the other within it"],
  ]);
}

export function readSuperblock(head: Buffer): Superblock {
  return {
    inodes: head.readUInt32LE(4),
    made: head.readUInt32LE(8),
    block: head.readUInt32LE(12),
    compression: compressions[head.readUInt16LE(20) - 1] ?? "unknown",
    bytesUsed: Number(head.readBigUInt64LE(40)),
  };
}

const faults = (checks: readonly (readonly [boolean, string])[]): string[] =>
  checks.flatMap(([bad, words]) => (bad ? [words] : []));

/** Inodes, directories, fragments, exports, owners, attributes: in this order, some of them absent. */
function inOrder(head: Buffer, bytesUsed: number): boolean {
  const places = [64, 72, 80, 88, 48, 56].flatMap((at) => place(head, at) ?? []);
  return [superblockLength, ...places, bytesUsed].every((here, at, all) => at === 0 || (all[at - 1] ?? 0) <= here);
}

function place(head: Buffer, at: number): number | undefined {
  const value = head.readBigUInt64LE(at);
  return value === 0xffff_ffff_ffff_ffffn ? undefined : Number(value);
}
