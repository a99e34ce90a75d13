import type { TarEntry } from "./entry.ts";
import { Gathered } from "./gathered.ts";
import { Manifester } from "./manifest.ts";
import type { TarVisitor } from "./read.ts";
import { tarEnd, tarHeader, tarPadding } from "./write.ts";

/** Writes members to a tar and what is in it to a manifest, one JSON object a line: `ManifestEntry`. */
export class Recorder implements TarVisitor, AsyncDisposable {
  entries = 0;
  readonly #tar: Gathered;
  readonly #manifest: Gathered;
  readonly #manifester: Manifester;
  #size = 0;

  private constructor(tar: Gathered, manifest: Gathered) {
    this.#tar = tar;
    this.#manifest = manifest;
    this.#manifester = new Manifester((line) => {
      manifest.add(Buffer.from(`${JSON.stringify(line)}\n`));
    });
  }

  static async create(tar: string, manifest: string): Promise<Recorder> {
    return new Recorder(await Gathered.create(tar), await Gathered.create(manifest));
  }

  get bytes(): number {
    return this.#tar.bytes;
  }

  entry(entry: TarEntry): void {
    this.entries += 1;
    this.#size = entry.size;
    this.#tar.add(tarHeader(entry));
    this.#manifester.entry(entry);
  }

  content(piece: Buffer): void {
    this.#tar.add(piece);
    this.#manifester.content(piece);
  }

  end(): void {
    this.#tar.add(tarPadding(this.#size));
    this.#manifester.end();
  }

  /** Write what has gathered, if it is enough to be worth it. */
  async keepUp(): Promise<void> {
    if (this.#tar.full) await this.#tar.flush();
    if (this.#manifest.full) await this.#manifest.flush();
  }

  /** Everything is written, or the reason is thrown. */
  async finish(): Promise<void> {
    this.#tar.add(tarEnd());
    await Promise.all([this.#tar.finish(), this.#manifest.finish()]);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await Promise.all([this.#tar[Symbol.asyncDispose](), this.#manifest[Symbol.asyncDispose]()]);
  }
}
