import { createHash } from "node:crypto";
import { fileState } from "../system/host.ts";
import { KnownDigests } from "../system/known-digests.ts";
import { Memory } from "../system/memory.ts";

/** sha256 of files, each read once for as long as it stays as it is. */
export class Sums {
  readonly #memory: Memory;
  readonly #digests: KnownDigests;
  constructor(cache?: string) {
    this.#memory = new Memory(cache);
    this.#digests = new KnownDigests(this.#memory);
  }

  async of(path: string): Promise<string> {
    const [sha256 = ""] = await this.#digests.of(path, ["sha256"]);
    return sha256;
  }

  /** Of part of a file, such as a file on an ISO. */
  async ofPieces([path, part]: readonly [path: string, part: string], content: AsyncIterable<Buffer>): Promise<string> {
    const read = async (): Promise<string> => {
      const hash = createHash("sha256");
      for await (const piece of content) hash.update(piece);
      return hash.digest("hex");
    };
    return this.#memory.recall(["sha256", part, await fileState(path)], read);
  }
}
