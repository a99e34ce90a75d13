import { randomUUID } from "node:crypto";
import { lstat, mkdir, open, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isCode, removeTree } from "../system/files.ts";
import { lock, type Lock } from "../system/lock.ts";

/** A file or folder of the cache as it was looked at: what is used later than `unless` (milliseconds since 1970) stays. */
export interface Doomed {
  readonly path: string;
  readonly unless: number;
}

/**
 * A folder for what is to go, so that many things go at once. Each loses its name first, whole and in one step; only then,
 * and all together, are they removed. It lies among the drafts under a lock of its own: if this process dies, or is stopped,
 * whoever sweeps next removes what is left.
 */
export class Discard implements AsyncDisposable {
  readonly #folder: string;
  readonly #lock: Lock;
  readonly #lockFile: string;
  readonly #emptied = new Set<string>();
  #count = 0;
  private constructor(folder: string, held: Lock, lockFile: string) {
    this.#folder = folder;
    this.#lock = held;
    this.#lockFile = lockFile;
  }

  static async open(cache: string, signal: AbortSignal): Promise<Discard> {
    const name = randomUUID();
    const file = join(cache, "locks", name);
    await mkdir(dirname(file), { recursive: true });
    const held = await lock(file, signal, () => undefined);
    const folder = join(cache, "drafts", `${name}.dropped`);
    await mkdir(folder, { recursive: true });
    return new Discard(folder, held, file);
  }

  /** Take something out of the cache. What somebody used at that very moment, or has taken away already, is left to them. */
  async take({ path, unless }: Doomed): Promise<boolean> {
    const used = async (at: string): Promise<boolean> => (await lstat(at)).mtimeMs > unless;
    const gone = join(this.#folder, String(this.#count++));
    try {
      if (await used(path)) return false;
      await rename(path, gone);
    } catch (error) {
      if (isCode(error, "ENOENT")) return false;
      throw error;
    }
    if (await used(gone)) return !(await this.#returned(gone, path));
    this.#emptied.add(dirname(path));
    return true;
  }

  /** Whoever missed it meanwhile may have made it again: then theirs is as good. */
  async #returned(gone: string, path: string): Promise<boolean> {
    try {
      await rename(gone, path);
      return true;
    } catch (error) {
      if (isCode(error, "ENOTEMPTY") || isCode(error, "EEXIST")) return false;
      throw error;
    }
  }

  /** Remove all that was taken. First it is brought to the disk that the names are gone: no crash brings back half of anything. */
  async empty(signal: AbortSignal): Promise<void> {
    for (const folder of [...this.#emptied, this.#folder]) {
      await using opened = await open(folder, "r");
      await opened.sync();
    }
    await removeTree(this.#folder, signal);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.#lockFile, { force: true });
    await this.#lock[Symbol.asyncDispose]();
  }
}
