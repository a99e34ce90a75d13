import type { Cache } from "./cache.ts";

/** Objects that have their names, and are being brought to the disk while others are made. */
export class Landing {
  readonly #under: { readonly key: string; readonly brought: Promise<void> }[] = [];

  add(key: string, brought: Promise<void>): void {
    brought.catch(() => undefined); // Told to whoever waits.
    this.#under.push({ key, brought });
  }

  /** Wait until all are there. What cannot be brought there is no object. */
  async over(cache: Cache, signal: AbortSignal): Promise<void> {
    const faults: unknown[] = [];
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
