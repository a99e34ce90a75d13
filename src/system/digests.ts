import { createHash } from "node:crypto";
import { once } from "node:events";
import { open } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { digestAll, type Content } from "./digesting.js";

export type { Content, Stretch } from "./digesting.js";

/** From here on, in bytes, to start a thread takes less time than it spares those who have other things to do. */
const large = 2 ** 26;

/** Bytes that are read at a time. */
const piece = 2 ** 20;

/** Several digests of a file in one reading, in hex. Who asks for those of many at once has them read beside each other. */
export async function digestsOf(path: string, algorithms: readonly string[]): Promise<readonly string[]> {
  await using file = await open(path);
  const { size } = await file.stat();
  if (size >= large) return await digestsAt(path, size, algorithms);
  const hashes = algorithms.map((algorithm) => createHash(algorithm));
  const buffer = Buffer.allocUnsafe(Math.min(size, piece));
  for (let at = 0; at < size;) {
    const { bytesRead } = await file.read(buffer, 0, buffer.length, at);
    if (bytesRead === 0) break;
    for (const hash of hashes) hash.update(buffer.subarray(0, bytesRead));
    at += bytesRead;
  }
  return hashes.map((hash) => hash.digest("hex"));
}

/** The same of a file whose size, in bytes, is known, and which is likely to be in memory: nothing is waited for. */
export async function digestsAt(path: string, size: number, algorithms: readonly string[]): Promise<readonly string[]> {
  const [digests = []] = await digestsOfAll([{ path, stretches: [{ at: 0, length: size }] }], algorithms);
  return digests;
}

/** The same of many contents, in their order. What takes long together is read in a thread, beside all else that goes on. */
export async function digestsOfAll(
  contents: readonly Content[],
  algorithms: readonly string[],
  signal?: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  signal?.throwIfAborted();
  const size = contents.flatMap(({ stretches }) => stretches).reduce((sum, { length }) => sum + length, 0);
  if (size < large) return digestAll(contents, algorithms);
  const thread = new Worker(new URL("./digest-thread.js", import.meta.url), { workerData: { contents, algorithms } });
  thread.on("error", () => undefined); // One that comes after a stop is nobody's.
  try {
    const [digests] = (await once(thread, "message", { signal })) as [string[][]];
    return digests;
  } catch (error) {
    await thread.terminate();
    throw signal?.aborted === true ? signal.reason : error;
  }
}
