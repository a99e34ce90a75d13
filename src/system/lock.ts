import { accompany } from "./process.ts";
import { Failure } from "../failure.ts";

export type Lock = AsyncDisposable;

/**
 * Hold an exclusive lock on a file (flock(1)), waiting for it as long as need be. The kernel gives it back when we end,
 * however we end: the holder is a program that ends with us, so there is no stale lock.
 */
export async function lock(file: string, signal: AbortSignal, onWait: () => void): Promise<Lock> {
  const holder = accompany({ tool: "flock", args: ["--exclusive", "--no-fork", file, "cat"], signal });
  const patience = setTimeout(onWait, 500);
  try {
    holder.stdin.write("held\n");
    await Promise.race([firstData(holder.stdout), holder.ended.then(() => refused(file, signal))]);
  } catch (error) {
    await holder[Symbol.asyncDispose]();
    throw error;
  } finally {
    clearTimeout(patience);
  }
  return {
    async [Symbol.asyncDispose]() {
      holder.stdin.end();
      await holder.ended;
    },
  };
}

const firstData = (stream: NodeJS.ReadableStream): Promise<void> =>
  new Promise((resolve) => {
    stream.once("data", () => {
      resolve();
    });
  });

function refused(file: string, { aborted, reason }: AbortSignal): never {
  if (aborted) throw reason instanceof Failure ? reason : new Failure("interrupted", "stopped", { cause: reason });
  throw new Failure("host-unready", `${file} could not be locked`);
}
