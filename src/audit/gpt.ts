import { crc32 } from "./crc32.ts";
import type { Image } from "./image.ts";
import { blockSize, outside, overlapping, type Partition } from "./partitions.ts";
import { error, errors, type Finding } from "./verdict.ts";
import type { Read } from "./volume.ts";

/** Type of an EFI system partition. */
export const espGuid = "c12a7328-f81f-11d2-ba4b-00a0c93ec93b";

const names = { primary: "GPT", backup: "backup GPT" } as const;

/** Both GUID partition tables (UEFI specification, 5.3), compared with each other. */
export async function readGpt(image: Image): Promise<Read<readonly Partition[]>> {
  const last = Math.floor(image.size / blockSize) - 1;
  const [primary, backup] = [await readTable(image, 1), await readTable(image, last)];
  const findings = [
    ...judgeTable(primary, names.primary, { at: 1, other: last }),
    ...judgeTable(backup, names.backup, { at: last, other: 1 }),
    ...agreeing(primary, backup),
  ];
  const partitions = (primary ?? backup)?.partitions ?? [];
  return { value: partitions, findings: [...findings, ...outside(partitions, image.size), ...overlapping(partitions)] };
}

interface Table {
  readonly header: Buffer;
  readonly entries: Buffer;
  readonly partitions: readonly Partition[];
}

async function readTable(image: Image, at: number): Promise<Table | undefined> {
  const header = await image.read(at * blockSize, blockSize);
  if (header.length < blockSize || header.toString("latin1", 0, 8) !== "EFI PART") return undefined;
  const [count, size] = [header.readUInt32LE(80), header.readUInt32LE(84)];
  const sane = size >= 128 && size <= 4096 && count <= 1024;
  const entries = sane
    ? await image.read(Number(header.readBigUInt64LE(72)) * blockSize, count * size)
    : Buffer.alloc(0);
  return { header, entries, partitions: partitionsOf(entries, size) };
}

function partitionsOf(entries: Buffer, size: number): Partition[] {
  const found: Partition[] = [];
  for (let at = 0; at + size <= entries.length; at += size) {
    const entry = entries.subarray(at, at + size);
    if (entry.subarray(0, 16).every((byte) => byte === 0)) continue;
    const [start, end] = [Number(entry.readBigUInt64LE(32)), Number(entry.readBigUInt64LE(40))];
    found.push({ table: "GPT", number: at / size + 1, type: guid(entry), start, sectors: end - start + 1 });
  }
  return found;
}

function judgeTable(table: Table | undefined, where: string, { at, other }: { at: number; other: number }): Finding[] {
  if (table === undefined)
    return [error(where, "it is missing", "the end of the file may have been cut: copy it again, or build it again")];
  const { header, entries } = table;
  const length = header.readUInt32LE(12);
  const blank = Buffer.from(header.subarray(0, Math.min(Math.max(length, 92), blockSize)));
  blank.writeUInt32LE(0, 16);
  return errors(where, [
    [length < 92 || length > blockSize, "its header has an impossible length"],
    [crc32(blank) !== header.readUInt32LE(16), "the checksum of its header is wrong"],
    [Number(header.readBigUInt64LE(24)) !== at, "its header belongs to another place"],
    [Number(header.readBigUInt64LE(32)) !== other, "it does not name the other table's place"],
    [entries.length === 0 || crc32(entries) !== header.readUInt32LE(88), "the checksum of its partitions is wrong"],
    [header.subarray(56, 72).every((byte) => byte === 0), "its disk has no GUID"],
    [duplicates(entries, header.readUInt32LE(84)), "two partitions have the same GUID, or one has none"],
  ]);
}

function duplicates(entries: Buffer, size: number): boolean {
  const guids: string[] = [];
  for (let at = 0; at + size <= entries.length && size >= 128; at += size)
    if (entries.subarray(at, at + 16).some((byte) => byte !== 0)) guids.push(guid(entries.subarray(at + 16)));
  return new Set(guids).size !== guids.length || guids.includes("00000000-0000-0000-0000-000000000000");
}

function agreeing(primary: Table | undefined, backup: Table | undefined): Finding[] {
  if (primary === undefined || backup === undefined) return [];
  const same =
    primary.entries.equals(backup.entries) && guid(primary.header.subarray(56)) === guid(backup.header.subarray(56));
  return same ? [] : [error(names.backup, "it is not a copy of the first table")];
}

/** The first three fields of a GUID are stored lowest byte first. */
export function guid(bytes: Buffer): string {
  const hex = (from: number, to: number): string => bytes.toString("hex", from, to);
  const turned = (from: number, to: number): string => Buffer.from(bytes.subarray(from, to)).reverse().toString("hex");
  return [turned(0, 4), turned(4, 6), turned(6, 8), hex(8, 10), hex(10, 16)].join("-");
}
