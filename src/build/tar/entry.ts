/**
 * One member of a tar. Paths and link targets are byte strings (one character a byte, "latin1"): a file name is any bytes,
 * and must come out as it went in. Paths have no leading "./" and no trailing slash; the tree's root is ".".
 */
export interface TarEntry {
  readonly path: string;
  readonly type: TarType;
  readonly mode: number;
  readonly uid: number;
  readonly gid: number;
  readonly size: number;
  /** Seconds since 1970, with a fraction where the writer told one. */
  readonly mtime: number;
  /** Of a symlink as it stands; of a hard link the path of the first member with that content. */
  readonly target?: string;
  readonly device?: readonly [major: number, minor: number];
  readonly xattrs: ReadonlyMap<string, Buffer>;
}

export type TarType = keyof typeof typeFlags;

/** POSIX.1-1988 type flags of what a file system holds. */
export const typeFlags = {
  file: "0",
  link: "1",
  symlink: "2",
  character: "3",
  block: "4",
  directory: "5",
  fifo: "6",
} as const;

export const blockSize = 512;

/** Bytes that fill up the last block of content. */
export const padding = (size: number): number => (blockSize - (size % blockSize)) % blockSize;

/** Pax keyword of an extended attribute, as GNU tar, squashfs-tools and squashfs-tools-ng spell it. */
export const xattrKeyword = "SCHILY.xattr.";
