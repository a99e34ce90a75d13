import type { Cache } from "./cache.ts";

/** Objects that have their names, and are being brought to the disk while others are made; and what is being removed meanwhile. */
export class Landing {
  readonly #leaving: Promise<void>[] = [];
  readonly #under: { readonly key: string; readonly brought: Promise<void> }[] = [];

  add(key: string, brought: Promise<void>): void {
    brought.catch(() => undefined); // Told to whoever waits.
    this.#under.push({ key, brought });
  }

  /** What is left of a draft, whose output has its name. */
  leave(removed: Promise<void>): void {
    removed.catch(() => undefined);
    this.#leaving.push(removed);
  }

  /** Wait until all are there, and what was to go is gone. What cannot be brought there is no object. */
  async over(cache: Cache, signal: AbortSignal): Promise<void> {
    const left = await Promise.allSettled(this.#leaving.splice(0));
    const faults = left.flatMap((each) => (each.status === "rejected" ? [each.reason as unknown] : []));
    for (const { key, brought } of this.#under.splice(0)) {
      const fault = await brought.then(
        () => undefined,
        (error: unknown) => ({ error }),
      );
      if (fault === undefined || signal.aborted) continue;
      await cache.drop(key, signal);
      faults.push(fault.error);
    }
    if (faults.length > 0) throw faults[0];
  }
}
