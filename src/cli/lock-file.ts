import { basename, join } from "node:path";
import { parseLock, type Lock } from "../archive/lock.ts";
import type { LoadedRecipe } from "../recipe/load.ts";
import { exists, readText } from "../system/files.ts";

/** A recipe's lock lies beside its file; that of a shipped recipe where the person stands, for its own place is the program's. */
export function lockFileOf({ file, shipped }: LoadedRecipe): string {
  const lock = file.replace(/(?:\.ya?ml)?$/u, ".lock");
  return shipped ? join(process.cwd(), basename(lock)) : lock;
}

export const readLock = async (file: string): Promise<Lock | undefined> =>
  (await exists(file)) ? parseLock(await readText(file), file) : undefined;
