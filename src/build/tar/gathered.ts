import { open, type FileHandle } from "node:fs/promises";
import { Failure } from "../../failure.ts";

/** Written at once: a tar is mostly small pieces. */
const enough = 2 ** 20;

/** A new file whose small pieces are gathered and written beside the work that makes the next ones. */
export class Gathered implements AsyncDisposable {
  bytes = 0;
  readonly #path: string;
  readonly #file: FileHandle;
  #pieces: Buffer[] = [];
  #held = 0;
  #writing: Promise<void> = Promise.resolve();

  private constructor(path: string, file: FileHandle) {
    this.#path = path;
    this.#file = file;
  }

  static async create(path: string): Promise<Gathered> {
    return new Gathered(path, await open(path, "w", 0o644));
  }

  get full(): boolean {
    return this.#held >= enough;
  }

  /** The piece is kept until it was written; nobody may change it before. */
  add(piece: Buffer): void {
    if (piece.length === 0) return;
    this.#pieces.push(piece);
    this.#held += piece.length;
    this.bytes += piece.length;
  }

  /** Begin to write what was gathered, once what was begun before is written. */
  async flush(): Promise<void> {
    await this.#writing;
    const [pieces, held] = [this.#pieces, this.#held];
    this.#pieces = [];
    this.#held = 0;
    this.#writing = this.#write(pieces, held);
    this.#writing.catch(() => undefined); // Told by the next flush, or by finish.
  }

  /** Everything is written, or the reason is thrown. */
  async finish(): Promise<void> {
    await this.flush();
    await this.#writing;
  }

  async #write(pieces: readonly Buffer[], held: number): Promise<void> {
    try {
      const { bytesWritten } = await this.#file.writev(pieces);
      if (bytesWritten !== held) throw new Error(`wrote ${String(bytesWritten)} of ${String(held)} bytes`);
    } catch (error) {
      if (!(error instanceof Error && "code" in error && error.code === "ENOSPC")) throw error;
      const text = `no space left for ${this.#path}, which had grown to ${String(this.bytes)} bytes`;
      throw new Failure("no-space", text, { cause: error });
    }
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.#writing.catch(() => undefined);
    await this.#file.close();
  }
}
