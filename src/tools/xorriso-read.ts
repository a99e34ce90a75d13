/** A piece of a file on an ISO: files over 4 GiB have several. */
export interface Extent {
  readonly path: string;
  /** Bytes from the image's beginning. */
  readonly start: number;
  readonly bytes: number;
}

const block = 2048;

/** List where each file lies on an ISO (xorriso(1), report_lba). */
// prettier-ignore
export const listExtents = (iso: string): readonly string[] => [
  "-abort_on", "FATAL",
  "-return_with", "FATAL", "32",
  "-indev", `stdio:${iso}`,
  "-find", "/", "-type", "f", "-exec", "report_lba", "--",
];

/**
 * `File data lba:  0 ,      110 ,        1 ,        8 , '/.disk/info'`: piece, first block, blocks, bytes of the whole file,
 * path. A quote in a path is written `'"'"'`.
 */
export function extents(listing: string): readonly Extent[] {
  const before = new Map<string, number>();
  return [...listing.matchAll(/^File data lba: +\d+ , +(\d+) , +(\d+) , +(\d+) , '(.*)'$/gm)].map((found) => {
    const [start, blocks, whole] = [Number(found[1]), Number(found[2]), Number(found[3])];
    const path = (found[4] ?? "").replaceAll(`'"'"'`, "'");
    const read = before.get(path) ?? 0;
    const bytes = Math.min(whole - read, blocks * block);
    before.set(path, read + bytes);
    return { path, start: start * block, bytes };
  });
}
