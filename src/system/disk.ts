import { constants, type Stats } from "node:fs";
import { access, stat, statfs } from "node:fs/promises";
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

/**
 * Refuse a folder that nothing could be put into, before there is anything to put: it, or the nearest above it that exists.
 * What is put there is brought to the disk under the folder's lock, and for both it has to be readable as well.
 */
export async function requireWritable(path: string): Promise<void> {
  const remedy = "name another folder with -o";
  try {
    const [nearest, found] = await nearestAt(path);
    if (!found.isDirectory()) throw new Failure("refused", `${nearest} is not a folder`, { remedy });
    await access(nearest, constants.R_OK | constants.W_OK | constants.X_OK);
  } catch (error) {
    const { code, path: at = path } = error as NodeJS.ErrnoException;
    const why = obstacles[code ?? ""];
    if (why === undefined) throw error;
    throw new Failure("refused", `what is made could not be put into ${path}: ${at} ${why}`, { remedy, cause: error });
  }
}

const obstacles: Readonly<Record<string, string>> = {
  EACCES: "may not be written to",
  EPERM: "may not be written to",
  EROFS: "is on a read-only file system",
};

async function nearestAt(path: string): Promise<readonly [string, Stats]> {
  try {
    return [path, await stat(path)];
  } catch (error) {
    const { code = "" } = error as NodeJS.ErrnoException;
    if (!["ENOENT", "ENOTDIR"].includes(code) || dirname(path) === path) throw error;
    return nearestAt(dirname(path));
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
