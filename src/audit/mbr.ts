import type { BootEntry } from "./el-torito.ts";
import { platforms } from "./el-torito.ts";
import { outside, overlapping, protective, type Partition } from "./partitions.ts";
import { errors, type Finding } from "./verdict.ts";

const where = "MBR";

/** The master boot record: what a BIOS starts from a stick, and its four partitions. */
export function readMbr(head: Buffer): Partition[] {
  return [446, 462, 478, 494].flatMap((at, index) => {
    const [type = 0, start, sectors] = [head[at + 4], head.readUInt32LE(at + 8), head.readUInt32LE(at + 12)];
    if (type === 0 && sectors === 0) return [];
    return [
      { table: "MBR" as const, number: index + 1, type: `0x${type.toString(16).padStart(2, "0")}`, start, sectors },
    ];
  });
}

export function judgeMbr(head: Buffer, size: number, boot: readonly BootEntry[]): Finding[] {
  const partitions = readMbr(head);
  const bios = boot.find(({ platform }) => platform === platforms.bios);
  const code = head.subarray(0, 440);
  return [
    ...errors(where, [
      [head.readUInt16BE(510) !== 0x55aa, "its signature 55 AA is missing: no BIOS starts it from a stick"],
      [
        !code.includes("isolinux.bin missing or corrupt"),
        "its boot code is not isohybrid's: no BIOS starts it from a stick",
      ],
      // isohybrid's code reads isolinux.bin from this place, counted in sectors of 512 bytes.
      [
        bios !== undefined && head.readUInt32LE(432) * 512 !== bios.at,
        "its boot code looks for isolinux.bin in another place",
      ],
      [partitions.length === 0, "it has no partition: many firmwares do not start such a stick"],
    ]),
    ...outside(partitions, size),
    ...overlapping(partitions.filter(({ type }) => type !== protective)),
  ];
}
