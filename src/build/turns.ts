interface Waiting {
  readonly weight: number;
  readonly go: () => void;
}

/** So many at a time; of those who wait, the heaviest goes next, and of equals the one that came first. */
export class Turns {
  #free: number;
  readonly #waiting: Waiting[] = [];
  constructor(count: number) {
    this.#free = count;
  }

  async take(weight: number): Promise<AsyncDisposable> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((go) => this.#waiting.push({ weight, go }));
    return {
      [Symbol.asyncDispose]: () => {
        // What was waiting for this very stage is asked for first, and may be heavier than all who wait now.
        setImmediate(() => {
          this.#pass();
        });
        return Promise.resolve();
      },
    };
  }

  #pass(): void {
    const heaviest = Math.max(...this.#waiting.map(({ weight }) => weight));
    const at = this.#waiting.findIndex(({ weight }) => weight === heaviest);
    if (at < 0) this.#free += 1;
    else this.#waiting.splice(at, 1)[0]?.go();
  }
}
