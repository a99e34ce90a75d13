import { createHash } from "node:crypto";
import { digestsOf } from "../system/digests.ts";
import { fileState } from "../system/host.ts";
import { Memory } from "../system/memory.ts";

/**
 * sha256 of files, each read once for as long as it stays as it is. They are people's, who may write to them and set their times
 * back: unlike in the cache, whatever touches a file has it read again.
 */
export class Sums {
  readonly #memory: Memory;
  constructor(cache?: string) {
    this.#memory = new Memory(cache);
  }

  async of(path: string): Promise<string> {
    const read = async (): Promise<string> => (await digestsOf(path, ["sha256"]))[0] ?? "";
    return this.#memory.recall(["sha256", fileState(path)], read);
  }

  /** Of part of a file, such as a file on an ISO. */
  async ofPieces([path, part]: readonly [path: string, part: string], content: AsyncIterable<Buffer>): Promise<string> {
    const read = async (): Promise<string> => {
      const hash = createHash("sha256");
      for await (const piece of content) hash.update(piece);
      return hash.digest("hex");
    };
    return this.#memory.recall(["sha256", part, fileState(path)], read);
  }
}
