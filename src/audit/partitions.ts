import { error, type Finding } from "./verdict.ts";

/** A partition as its table tells it, in sectors of 512 bytes. */
export interface Partition {
  readonly table: "MBR" | "GPT";
  readonly number: number;
  readonly type: string;
  readonly start: number;
  readonly sectors: number;
}

export const blockSize = 512;

/** MBR type of a partition that covers the whole disk, so that programs which know no GPT leave it alone. */
export const protective = "0xee";

const titled = ({ number }: Partition): string => `partition ${String(number)}`;
const endOf = ({ start, sectors }: Partition): number => start + sectors;

export const outside = (partitions: readonly Partition[], size: number): Finding[] =>
  partitions
    .filter((each) => endOf(each) * blockSize > size || each.start === 0)
    .map((each) => error(each.table, `${titled(each)} does not lie within the file`));

/** Partitions that share sectors. One wholly inside another is how isohybrid names boot images that are files of the ISO. */
export function overlapping(partitions: readonly Partition[]): Finding[] {
  return partitions.flatMap((one, index) =>
    partitions
      .slice(index + 1)
      .filter(
        (other) => one.start < endOf(other) && other.start < endOf(one) && !within(one, other) && !within(other, one),
      )
      .map((other) => error(one.table, `${titled(one)} and ${titled(other)} overlap`)),
  );
}

const within = (inner: Partition, outer: Partition): boolean =>
  inner.start >= outer.start && endOf(inner) <= endOf(outer) && inner.sectors < outer.sectors;
