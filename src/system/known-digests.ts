import { lstat } from "node:fs/promises";
import { digestsAt, digestsOf } from "./digests.ts";
import type { Memory } from "./memory.ts";

/** Up to here, in bytes, reading a file again is no more work than remembering it. */
const small = 2 ** 20;

/** Digests of files, each read once for as long as it stays as it is; a name more, or another one, makes it no other file. */
export class KnownDigests {
  readonly #memory: Memory;
  constructor(memory: Memory) {
    this.#memory = memory;
  }

  /** In hex, in the order of the algorithms. Where the path is a link, of the link's target. */
  async of(path: string, algorithms: readonly string[]): Promise<readonly string[]> {
    const file = await contentState(path);
    if (file === undefined) return digestsOf(path, algorithms);
    const size = Number(file[2]);
    if (size < small) return digestsAt(path, size, algorithms);
    const noted = await this.#recall(algorithms, file, () => undefined);
    const unknown = algorithms.filter((_, at) => noted[at] === undefined);
    const read = unknown.length === 0 ? [] : await digestsOf(path, unknown);
    const all = await this.#recall(algorithms, file, (algorithm) => read[unknown.indexOf(algorithm)]);
    return all.flatMap((digest) => digest ?? []);
  }

  #recall(
    algorithms: readonly string[],
    file: readonly string[],
    answer: (algorithm: string) => string | undefined,
  ): Promise<readonly (string | undefined)[]> {
    return Promise.all(
      algorithms.map((algorithm) => this.#memory.recall([algorithm, file], () => Promise.resolve(answer(algorithm)))),
    );
  }
}

/**
 * What tells one content of a file from another without reading it. Links and renames change a file's ctime, but neither
 * when it was born nor when it was written to; where a file system knows no births, Node gives the ctime, which is safe.
 */
export async function contentState(path: string): Promise<readonly string[] | undefined> {
  const info = await lstat(path, { bigint: true });
  const { dev, ino, size, mtimeNs, birthtimeNs } = info;
  if (!info.isFile()) return undefined;
  return [dev, ino, size, mtimeNs, birthtimeNs].map(String);
}
