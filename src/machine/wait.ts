import { setTimeout as sleep } from "node:timers/promises";

/** How much longer than usual everything may take here: TIMEOUT_SCALE, for machines that are slow or busy. */
export function scale(env: NodeJS.ProcessEnv = process.env): number {
  const wish = Number(env["TIMEOUT_SCALE"] ?? "1");
  return Number.isFinite(wish) && wish > 0 ? wish : 1;
}

export interface Wait {
  /** Seconds, before TIMEOUT_SCALE. */
  readonly within: number;
  /** Milliseconds between two looks. */
  readonly every?: number;
  readonly signal: AbortSignal;
}

/** Look again and again until there is something to see; undefined when the time is up. */
export async function until<T>(look: () => Promise<T | undefined> | T | undefined, wait: Wait): Promise<T | undefined> {
  const end = performance.now() + wait.within * 1000 * scale();
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (performance.now() >= end) return undefined;
    await pause(wait.every ?? 200, wait.signal);
  }
}

/** Rejects with the signal's own reason, which says why the wait ended. */
export async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  await sleep(milliseconds, undefined, { signal }).catch((error: unknown) => {
    signal.throwIfAborted();
    throw error;
  });
}

/** A promise that loses to the signal's reason. */
export async function orStop<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  promise.catch(() => undefined); // It may fail after it lost.
  signal.throwIfAborted();
  let leave: (() => void) | undefined;
  const stop = new Promise<never>((_, reject) => {
    leave = () => {
      reject(signal.reason as Error);
    };
    signal.addEventListener("abort", leave, { once: true });
  });
  try {
    return await Promise.race([stop, promise]);
  } finally {
    if (leave !== undefined) signal.removeEventListener("abort", leave);
  }
}
