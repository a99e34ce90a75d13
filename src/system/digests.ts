import { createHash, type Hash } from "node:crypto";
import { open, type FileHandle } from "node:fs/promises";
import { Worker } from "node:worker_threads";

/** A part of a file, in bytes. */
export interface Stretch {
  readonly at: number;
  readonly length: number;
}

/** Fill a buffer with what lies at an offset, and say how much that is. */
export type Fill = (buffer: Buffer, at: number) => Promise<number>;

export const fillFrom =
  (file: FileHandle): Fill =>
  async (buffer, at) =>
    (await file.read(buffer, 0, buffer.length, at)).bytesRead;

const pieceSize = 2 ** 20;

/** From here on, in bytes, to start a thread takes less time than it spares those who have other things to do. */
const large = 2 ** 26;

/** Several digests of a file in one reading, in hex. Those of a large one are taken beside all else that goes on. */
export async function digestsOf(path: string, algorithms: readonly string[]): Promise<readonly string[]> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size >= large) return await digestsBeside(path, algorithms);
  return await digestsIn(fillFrom(file), [{ at: 0, length: size }], algorithms);
}

const digestsBeside = (path: string, algorithms: readonly string[]): Promise<readonly string[]> =>
  new Promise((resolve, reject) => {
    const thread = new Worker(new URL("./digest-thread.js", import.meta.url), { workerData: { path, algorithms } });
    thread.once("message", resolve);
    thread.once("error", reject);
  });

/**
 * Several digests of what stretches of a file hold together, in one reading; the stretches end where the file does. One
 * buffer is filled while the other is digested, and no third is made: a gigabyte in new buffers is work for the collector.
 */
export async function digestsIn(
  fill: Fill,
  stretches: readonly Stretch[],
  algorithms: readonly string[],
  signal?: AbortSignal,
): Promise<readonly string[]> {
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  const pieces = stretches.flatMap(cut);
  const largest = Math.max(0, ...pieces.map(({ length }) => length));
  const buffers = pieces.slice(0, 2).map(() => Buffer.allocUnsafe(largest));
  let read = Buffer.alloc(0);
  for (const [turn, { at, length }] of pieces.entries()) {
    signal?.throwIfAborted();
    const piece = (buffers[turn % 2] ?? read).subarray(0, length);
    const filling = fill(piece, at);
    update(hashes, read);
    read = piece.subarray(0, await filling);
  }
  update(hashes, read);
  return hashes.map((hash) => hash.digest("hex"));
}

function update(hashes: readonly Hash[], piece: Buffer): void {
  for (const hash of hashes) hash.update(piece);
}

const cut = ({ at, length }: Stretch): Stretch[] =>
  Array.from({ length: Math.ceil(length / pieceSize) }, (_, index) => ({
    at: at + index * pieceSize,
    length: Math.min(pieceSize, length - index * pieceSize),
  }));
