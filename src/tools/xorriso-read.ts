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

/** `File data lba:  0 ,      110 ,        1 ,        8 , '/.disk/info'`; a quote in a name is written `'"'"'`. */
export function extents(listing: string): readonly Extent[] {
  return listing.split("\n").flatMap((line): readonly Extent[] => {
    const found = /^File data lba: +\d+ , +(\d+) , +(\d+) , +(\d+) , '(.*)'$/.exec(line);
    if (found === null) return [];
    const [start, blocks, size] = [Number(found[1]), Number(found[2]), Number(found[3])];
    const path = (found[4] ?? "").replaceAll(`'"'"'`, "'");
    return [{ path, start: start * block, bytes: Math.min(size, blocks * block) }];
  });
}
