import { createReadStream } from "node:fs";
import { open, type FileHandle } from "node:fs/promises";
import { opaque, Stack, type Inode, type Layer, type Shown } from "./stack.ts";
import type { TarEntry } from "./tar/entry.ts";
import { TarReader } from "./tar/read.ts";
import { Recorder } from "./tar/record.ts";

export interface Joining {
  /** Canonical tars of layers, lowest first. */
  readonly layers: readonly string[];
  readonly tar: string;
  /** As `sealLayer` writes it. */
  readonly manifest: string;
  readonly signal: AbortSignal;
}

/**
 * Make the canonical tar of the tree that layers show when they are stacked: nothing of the stacking is left in it. Names and
 * attributes are held in memory, content goes from file to file. Returns the time of the newest member.
 */
export async function joinLayers({ layers, tar, manifest, signal }: Joining): Promise<number> {
  const stack = new Stack<TarEntry>();
  for (const path of layers) await index(path, stack.layer(), signal);
  await using recorder = await Recorder.create(tar, manifest);
  await using contents = await Contents.open(layers);
  for (const shown of stack.paths()) {
    signal.throwIfAborted();
    const entry = member(shown, stack.newest);
    recorder.entry(entry);
    for (let at = 0; at < entry.size;) {
      const piece = await contents.piece(shown.inode, at);
      recorder.content(piece);
      at += piece.length;
      await recorder.keepUp();
    }
    recorder.end();
    await recorder.keepUp();
  }
  await recorder.finish();
  return stack.newest;
}

async function index(path: string, layer: Layer<TarEntry>, signal: AbortSignal): Promise<void> {
  const reader = new TarReader({ entry: layer.add, content: () => undefined, end: () => undefined });
  for await (const piece of createReadStream(path, { highWaterMark: 2 ** 20 })) {
    signal.throwIfAborted();
    reader.push(piece as Buffer);
  }
  reader.finish();
}

/**
 * A member of the joined tree, which is no overlay's any more. The root directory is always 0755 root:root and as old as the
 * newest member, as in every layer: mksquashfs takes it from its options, not from a tar.
 */
function member({ path, inode: { entry }, first }: Shown<TarEntry>, newest: number): TarEntry {
  if (path === ".") return { ...entry, mode: 0o755, uid: 0, gid: 0, mtime: newest, xattrs: new Map() };
  if (first !== undefined) return { ...entry, path, type: "link", target: first, size: 0, xattrs: new Map() };
  const xattrs = new Map([...entry.xattrs].filter(([name]) => name !== opaque));
  return { ...entry, path, xattrs };
}

/** Read at once: most files are small and lie one after the other. */
const enough = 2 ** 20;

/** Content of the layers' members, by where it lies. */
class Contents implements AsyncDisposable {
  readonly #files: readonly FileHandle[];
  /** The last piece read of each layer, and where it begins. */
  readonly #held: { readonly at: number; readonly bytes: Buffer }[];

  private constructor(files: readonly FileHandle[]) {
    this.#files = files;
    this.#held = files.map(() => ({ at: 0, bytes: Buffer.alloc(0) }));
  }

  static async open(paths: readonly string[]): Promise<Contents> {
    const files: FileHandle[] = [];
    for (const path of paths) files.push(await open(path));
    return new Contents(files);
  }

  /** The content from `from` on: all of it, or as much as is at hand. */
  async piece({ entry, layer, at }: Inode<TarEntry>, from: number): Promise<Buffer> {
    const begin = at + from;
    const held = this.#held[layer];
    const ready = held !== undefined && begin >= held.at && begin < held.at + held.bytes.length ? held : undefined;
    const { at: start, bytes } = ready ?? (await this.#read(layer, begin));
    return bytes.subarray(begin - start, begin - start + entry.size - from);
  }

  async #read(layer: number, at: number): Promise<{ readonly at: number; readonly bytes: Buffer }> {
    const { bytesRead = 0, buffer } = (await this.#files[layer]?.read(Buffer.allocUnsafe(enough), 0, enough, at)) ?? {};
    if (buffer === undefined || bytesRead === 0) throw new Error(`layer ${String(layer)} ends before ${String(at)}`);
    return (this.#held[layer] = { at, bytes: buffer.subarray(0, bytesRead) });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const file of this.#files) await file.close();
  }
}
