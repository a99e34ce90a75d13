import { stat, statfs } from "node:fs/promises";
import { dirname } from "node:path";
import { Failure } from "../failure.ts";

export interface Space {
  /** Where it was asked for; it may not exist yet. */
  readonly path: string;
  /** Bytes that this user may still write. */
  readonly bytes: number;
  /** The filesystem, so that two folders on one disk are not counted twice. */
  readonly device: number;
}

/** The free space at `path`, or at the nearest folder above it that exists. */
export async function freeSpace(path: string): Promise<Space> {
  try {
    const [{ bavail, bsize }, { dev }] = await Promise.all([statfs(path), stat(path)]);
    return { path, bytes: bavail * bsize, device: dev };
  } catch (error) {
    const above = dirname(path);
    if ((error as NodeJS.ErrnoException).code !== "ENOENT" || above === path) throw error;
    return { ...(await freeSpace(above)), path };
  }
}

/** Refuse work that will not fit, before it starts: which path, what is there, what is needed, stage by stage. */
export function forecast(
  stages: readonly { readonly name: string; readonly bytes: number }[],
  free: { readonly path: string; readonly bytes: number },
): void {
  const needed = stages.reduce((sum, { bytes }) => sum + bytes, 0);
  if (needed <= free.bytes) return;
  const width = Math.max(...stages.map(({ name }) => name.length));
  const lines = stages.map(({ name, bytes }) => `  ${name.padEnd(width)}  ${megabytes(bytes)}`);
  throw new Failure(
    "no-space",
    [`${free.path} has ${megabytes(free.bytes)} free, and ${megabytes(needed)} are needed:`, ...lines].join("\n"),
    { remedy: "free some space there, or name another folder with --cache" },
  );
}

const megabytes = (bytes: number): string => `${String(Math.ceil(bytes / 1e6))} MB`;
