import type { Squashfs } from "./recipe.ts";

/** Compressions of squashfs and their highest level; 0 means that there are none to choose from. */
export const levels = { zstd: 22, xz: 0, gzip: 9, lz4: 0, lzo: 9 } as const;

export type Compression = keyof typeof levels;

export const compressions = Object.keys(levels) as readonly Compression[];

/** Can it be told how many bytes back it looks for what is alike? */
export const hasDictionary = (compression: Compression): boolean => compression === "xz";

/** What mksquashfs takes for a dictionary: 2^n or 2^n+2^(n+1) bytes, which is what the header of xz can say. */
export const isDictionary = (bytes: number): boolean =>
  bytes >= 8192 && [bytes, bytes / 3].some((part) => Number.isInteger(Math.log2(part)));

interface Wanted {
  readonly compression: Compression;
  readonly level?: number | undefined;
  readonly block?: number | undefined;
  readonly dictionary?: number | undefined;
}

/** How content is packed if a person wants this and nothing else. What is then left out is the tool's own. */
export function packing({
  compression,
  level = usualLevel(compression),
  dictionary: far,
  block = usualBlock(far),
}: Wanted): Omit<Squashfs, "modules"> {
  const dictionary = far ?? usualDictionary(compression, block);
  return {
    compression,
    ...(level !== undefined && { level }),
    block,
    ...(dictionary !== undefined && { dictionary }),
  };
}

/** zstd's where none is named. 6 takes 1.8 times as long for a twenty-eighth less room, 3 eight tenths for a fiftieth more (docs/bench.md). */
export const zstdLevel = 4;

const usualLevel = (compression: Compression): number | undefined => (compression === "zstd" ? zstdLevel : undefined);

/** Of 1 MiB a medium is a twentieth smaller, and a tenth more work until its login (docs/bench.md). No dictionary is larger than its block. */
export const usualBlock = (dictionary = 0): number => Math.max(2 ** 18, 2 ** Math.ceil(Math.log2(dictionary)));

/** The tool's own is as large as the block. This one saves half of the work for a tenth more room (docs/bench.md). */
const enough = 3 * 2 ** 14;

const usualDictionary = (compression: Compression, block: number): number | undefined =>
  hasDictionary(compression) && block > enough ? enough : undefined;
