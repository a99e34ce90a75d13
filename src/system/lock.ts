import { accompany } from "./process.ts";
import { Failure } from "../failure.ts";

export type Lock = AsyncDisposable;

/**
 * Hold an exclusive lock on a file (flock(1)), waiting for it as long as need be. The kernel gives it back when we end,
 * however we end: the holder is a program that ends with us, so there is no stale lock.
 */
export async function lock(file: string, signal: AbortSignal, onWait: () => void): Promise<Lock> {
  const patience = setTimeout(onWait, 500);
  try {
    return (await held(file, [], signal)) ?? refused(file, signal);
  } finally {
    clearTimeout(patience);
  }
}

/** The same lock if nobody holds it. */
export const tryLock = (file: string, signal: AbortSignal): Promise<Lock | undefined> =>
  held(file, ["--nonblock"], signal);

/** Only waiting ends with the signal: what the lock guards may still have to be tidied up. */
async function held(file: string, how: readonly string[], signal: AbortSignal): Promise<Lock | undefined> {
  signal.throwIfAborted();
  const waiting = new AbortController();
  const stop = (): void => {
    waiting.abort(signal.reason);
  };
  signal.addEventListener("abort", stop, { once: true });
  const args = ["--exclusive", ...how, "--no-fork", file, "cat"];
  const holder = accompany({ tool: "flock", args, signal: waiting.signal });
  holder.stdin.write("held\n");
  const got = await Promise.race([firstData(holder.stdout), holder.ended.then(() => false)]);
  signal.removeEventListener("abort", stop);
  if (!got) return undefined;
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder.ended;
    },
  };
}

const firstData = (stream: NodeJS.ReadableStream): Promise<true> =>
  new Promise((resolve) => {
    stream.once("data", () => {
      resolve(true);
    });
  });

function refused(file: string, { aborted, reason }: AbortSignal): never {
  if (aborted) throw reason instanceof Failure ? reason : new Failure("interrupted", "stopped", { cause: reason });
  throw new Failure("host-unready", `${file} could not be locked`);
}
