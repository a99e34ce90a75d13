import type { Command, Place } from "../command.ts";

export interface Squash {
  readonly tar: Place;
  readonly image: Place;
  readonly compression: "zstd" | "xz" | "gzip" | "lz4" | "lzo";
  readonly level?: number;
  /** Bytes. */
  readonly block: number;
  /** Bytes, for xz only. */
  readonly dictionary?: number;
}

/**
 * Make a squashfs from a tar on standard input (mksquashfs(1)). Without -noappend a left-over file would be appended to;
 * without -exit-on-error what cannot be read becomes an empty file and the status stays 0. Times come from SOURCE_DATE_EPOCH,
 * which 4.5.1 refuses to combine with -mkfs-time. The root directory is not taken from the tar and would be open to everyone.
 */
export function mksquashfs({ tar, image, compression, level, block, dictionary }: Squash): Command {
  // prettier-ignore
  return {
    tool: "mksquashfs",
    args: [
      "-", image,
      "-tar",
      "-noappend",
      "-exit-on-error",
      "-root-mode", "0755",
      "-comp", compression,
      ...(level === undefined ? [] : ["-Xcompression-level", String(level)]),
      ...(dictionary === undefined ? [] : ["-Xdict-size", String(dictionary)]),
      "-b", String(block),
    ],
    input: tar,
  };
}

/** Look for no files that are alike. It takes one to two hundredths more room. */
export const oneByOne = ["-no-duplicates"] as const;

/**
 * How much of the machine mksquashfs takes. The image is the same with any number of processors and any memory, so neither
 * is part of the command that a plan shows.
 */
export const within = ({
  jobs,
  memory,
}: {
  readonly jobs: number;
  readonly memory?: number | undefined;
}): readonly string[] => [
  ...["-processors", String(jobs)],
  ...(memory === undefined ? [] : ["-mem", `${String(Math.max(1, Math.floor(memory / 2 ** 20)))}M`]),
];
