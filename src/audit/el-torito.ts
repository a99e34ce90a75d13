import type { Image } from "./image.ts";
import type { Tree } from "./tree.ts";
import { error, errors, type Finding } from "./verdict.ts";
import { sector, type Read, type Volume } from "./volume.ts";

/** What firmware starts from a CD (El Torito 1.0). `at` is the byte where the boot image begins. */
export interface BootEntry {
  readonly platform: number;
  readonly bootable: boolean;
  readonly emulation: number;
  readonly sectors: number;
  readonly at: number;
}

export const platforms = { bios: 0x00, uefi: 0xef } as const;
const where = "El Torito";

export async function readCatalog(image: Image, { catalog }: Volume): Promise<Read<readonly BootEntry[]>> {
  if (catalog === undefined)
    return { value: [], findings: [error(where, "the medium has no boot record: no CD drive starts it")] };
  const bytes = await image.read(catalog * sector, sector);
  if (bytes.length < sector)
    return { value: [], findings: [error(where, "the boot catalog lies beyond the end of the file")] };
  return { value: entriesOf(bytes), findings: validation(bytes) };
}

function validation(catalog: Buffer): Finding[] {
  let sum = 0;
  for (let at = 0; at < 32; at += 2) sum = (sum + catalog.readUInt16LE(at)) & 0xffff;
  return errors(where, [
    [catalog[0] !== 1 || catalog.readUInt16BE(30) !== 0x55aa, "the boot catalog has no validation entry"],
    [sum !== 0, "the checksum of the boot catalog is wrong"],
  ]);
}

/** The first entry, then sections: a header tells platform and number of the entries after it; 0x91 is the last header. */
function entriesOf(catalog: Buffer): BootEntry[] {
  const entries = [toEntry(catalog.subarray(32, 64), catalog[1] ?? 0)];
  for (let at = 64; at + 32 <= catalog.length;) {
    const kind = catalog[at];
    if (kind !== 0x90 && kind !== 0x91) break;
    const [platform = 0, count] = [catalog[at + 1], catalog.readUInt16LE(at + 2)];
    at += 32;
    for (let left = count; left > 0 && at + 32 <= catalog.length; left--, at += 32)
      entries.push(toEntry(catalog.subarray(at, at + 32), platform));
    if (kind === 0x91) break;
  }
  return entries;
}

const toEntry = (bytes: Buffer, platform: number): BootEntry => ({
  platform,
  bootable: bytes[0] === 0x88,
  emulation: (bytes[1] ?? 0) & 0x0f,
  sectors: bytes.readUInt16LE(6),
  at: bytes.readUInt32LE(8) * sector,
});

/** The BIOS entry must be isolinux, and hold the table that xorriso writes into it (`-boot-info-table`). */
export async function judgeBios(image: Image, entries: readonly BootEntry[], tree: Tree): Promise<Finding[]> {
  const entry = entries.find(({ platform }) => platform === platforms.bios);
  if (entry === undefined) return [error(where, "there is no entry for BIOS")];
  const node = [...tree.values()].find(
    ({ type, extents }) => type === "file" && extents[0]?.at === entry.at && extents[0].length > 0,
  );
  const faults = startable(entry, "BIOS");
  if (node === undefined) return [...faults, error(where, "the BIOS entry points to none of the medium's files")];
  const program = await image.read(entry.at, node.size);
  return [...faults, ...errors(`/${node.path}`, infoTable(program, entry, node.size))];
}

export const startable = ({ bootable, emulation, sectors }: BootEntry, firmware: string): Finding[] =>
  errors(where, [
    [!bootable, `the ${firmware} entry is marked as not bootable`],
    [emulation !== 0, `the ${firmware} entry emulates a floppy or hard disk`],
    [sectors === 0, `the ${firmware} entry loads nothing`],
  ]);

/** At byte 8: sector of the volume descriptor, own sector, own length, sum of all 32-bit words from byte 64 on. */
function infoTable(program: Buffer, { at }: BootEntry, size: number): [boolean, string][] {
  if (program.length < 64) return [[true, "it is too short for a boot loader"]];
  return [
    [!program.includes("ISOLINUX "), "it is not isolinux"],
    [
      program.readUInt32LE(8) !== 16 || program.readUInt32LE(12) * sector !== at,
      "its boot info table names another place",
    ],
    [program.readUInt32LE(16) !== size, "its boot info table names another length"],
    [
      program.readUInt32LE(20) !== wordSum(program.subarray(64)),
      "its content does not fit the sum in its boot info table",
    ],
  ];
}

function wordSum(bytes: Buffer): number {
  const padded = Buffer.concat([bytes, Buffer.alloc((4 - (bytes.length % 4)) % 4)]);
  let sum = 0;
  for (let at = 0; at < padded.length; at += 4) sum = (sum + padded.readUInt32LE(at)) >>> 0;
  return sum;
}
