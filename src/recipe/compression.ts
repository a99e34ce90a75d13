/** Compressions of squashfs and their highest level; 0 means that there are none to choose from. */
export const levels = { zstd: 22, xz: 0, gzip: 9, lz4: 0, lzo: 9 } as const;

export type Compression = keyof typeof levels;

export const compressions = Object.keys(levels) as readonly Compression[];

/** The level that a compression is used with unless another is asked for: the tool's own, but for zstd. */
export const usualLevel = (compression: Compression): number | undefined => (compression === "zstd" ? 9 : undefined);
