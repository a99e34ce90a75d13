import { lstat, readdir } from "node:fs/promises";
import { join } from "node:path";
import { isCode } from "../system/files.ts";

/** A file of the pool, or a folder that shows one state of an archive. */
export interface Supply {
  readonly path: string;
  /** Milliseconds since 1970. */
  readonly used: number;
  /** What it takes on the disk; of an archive nothing, for its files are the pool's. */
  readonly bytes: number;
}

interface PoolFile extends Supply {
  readonly inode: number;
  readonly links: number;
}

/** What the cache holds of archives. */
export interface Supplies {
  readonly pool: readonly PoolFile[];
  readonly archives: readonly Supply[];
}

export async function supplies(cache: string): Promise<Supplies> {
  const sha256 = join(cache, "pool", "sha256");
  const pool: PoolFile[] = [];
  for (const shelf of await namesIn(sha256))
    for (const name of await namesIn(join(sha256, shelf))) pool.push(...(await poolFile(join(sha256, shelf, name))));
  const archives: Supply[] = [];
  for (const name of await namesIn(join(cache, "archives"))) {
    const path = join(cache, "archives", name);
    archives.push({ path, used: (await lstat(path)).mtimeMs, bytes: 0 });
  }
  return { pool, archives };
}

/**
 * Files of the pool that are in no archive any more once some archives are gone: their links are counted. One that was used
 * after `since` may be on its way into an archive.
 */
export async function unused({ pool }: Supplies, gone: readonly Supply[], since: number): Promise<readonly Supply[]> {
  const freed = new Map<number, number>();
  for (const { path } of gone) for await (const inode of inodesIn(path)) freed.set(inode, (freed.get(inode) ?? 0) + 1);
  return pool.filter(({ inode, links, used }) => used < since && links - (freed.get(inode) ?? 0) <= 1);
}

/** What downloads that were cut off have left. */
export async function leftovers(cache: string, since: number): Promise<readonly Supply[]> {
  const drafts = join(cache, "pool", "drafts");
  const found: Supply[] = [];
  for (const name of await namesIn(drafts)) {
    const [file] = await poolFile(join(drafts, name));
    if (file !== undefined && file.changed < since) found.push(file);
  }
  return found;
}

/** Nothing if it is gone meanwhile: builds may be at work. */
async function poolFile(path: string): Promise<readonly (PoolFile & { readonly changed: number })[]> {
  try {
    const { ino, nlink, mtimeMs, ctimeMs, blocks } = await lstat(path);
    return [{ path, used: mtimeMs, bytes: blocks * 512, inode: ino, links: nlink, changed: ctimeMs }];
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}

async function* inodesIn(folder: string): AsyncGenerator<number> {
  for (const entry of await readdir(folder, { withFileTypes: true })) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* inodesIn(path);
    else yield (await lstat(path)).ino;
  }
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch (error) {
    if (isCode(error, "ENOENT")) return [];
    throw error;
  }
}
