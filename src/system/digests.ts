import { once } from "node:events";
import { stat } from "node:fs/promises";
import { Worker } from "node:worker_threads";
import { digestAll, type Content, type Stretch } from "./digesting.js";

export type { Content, Stretch } from "./digesting.js";

/** From here on, in bytes, to start a thread takes less time than it spares those who have other things to do. */
const large = 2 ** 26;

/** Several digests of a file in one reading, in hex. */
export async function digestsOf(path: string, algorithms: readonly string[]): Promise<readonly string[]> {
  const { size } = await stat(path);
  return digestsAt(path, size, algorithms);
}

/** The same of a file whose size, in bytes, is known. */
export async function digestsAt(path: string, size: number, algorithms: readonly string[]): Promise<readonly string[]> {
  const [digests = []] = await digestsOfAll([{ path, stretches: [{ at: 0, length: size }] }], algorithms);
  return digests;
}

/** The same of many contents, in their order. What takes long together is read beside all else that goes on. */
export async function digestsOfAll(
  contents: readonly (Content & { readonly stretches: readonly Stretch[] })[],
  algorithms: readonly string[],
  signal?: AbortSignal,
): Promise<readonly (readonly string[])[]> {
  signal?.throwIfAborted();
  const size = contents.flatMap(({ stretches }) => stretches).reduce((sum, { length }) => sum + length, 0);
  if (size < large) return digestAll(contents, algorithms);
  const thread = new Worker(new URL("./digest-thread.js", import.meta.url), { workerData: { contents, algorithms } });
  try {
    const [digests] = (await once(thread, "message", { signal })) as [string[][]];
    return digests;
  } catch (error) {
    void thread.terminate();
    throw signal?.aborted === true ? signal.reason : error;
  }
}
