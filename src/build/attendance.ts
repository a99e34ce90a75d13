import { randomUUID } from "node:crypto";
import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { exists, write } from "../system/files.ts";
import { lock, tryLock, type Lock } from "../system/lock.ts";
import type { Cache } from "./cache.ts";

/*
 * Which builds use a cache now: each holds a lock on a file of its own in `running/`, named by the time at which it began.
 */

const folderOf = ({ root }: Cache): string => join(root, "running");

/** Say that a build runs, in a cache that is ours: what is used from now on is not cleaned away. */
export async function attend(cache: Cache, signal: AbortSignal): Promise<Lock> {
  await cache.claim();
  const file = join(folderOf(cache), `${String(Date.now())}.${randomUUID()}`);
  await write(file, "");
  const held = await lock(file, signal, () => undefined);
  return {
    async [Symbol.asyncDispose]() {
      await rm(file, { force: true });
      await held[Symbol.asyncDispose]();
    },
  };
}

/** When the oldest build that runs now began, milliseconds since 1970; nothing if none does. */
export async function attendedSince(cache: Cache, signal: AbortSignal): Promise<number | undefined> {
  const running = await runningIn(cache, signal);
  return running.length === 0 ? undefined : Math.min(...running);
}

/** Whether another build than the caller's runs now. */
export const isShared = async (cache: Cache, signal: AbortSignal): Promise<boolean> =>
  (await runningIn(cache, signal)).length > 1;

/** When each began. What builds that died left is removed, but one that has just begun may not hold its lock yet. */
async function runningIn(cache: Cache, signal: AbortSignal): Promise<readonly number[]> {
  const folder = folderOf(cache);
  const running: number[] = [];
  for (const name of (await exists(folder)) ? await readdir(folder) : []) {
    await using free = await tryLock(join(folder, name), signal);
    const began = Number(name.split(".")[0]);
    if (free !== undefined && began < Date.now() - 60_000) await rm(join(folder, name), { force: true });
    else running.push(began);
  }
  return running;
}
