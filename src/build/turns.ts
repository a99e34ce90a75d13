interface Waiting {
  readonly weight: number;
  readonly go: () => void;
}

/** Milliseconds within which those who wait for the same stage have all asked for their turn. */
const together = 5;

/** So many at a time; of those who wait, the heaviest goes next, and of equals the one that came first. */
export class Turns {
  #free: number;
  readonly #waiting: Waiting[] = [];
  constructor(count: number) {
    this.#free = count;
  }

  async take(weight: number): Promise<AsyncDisposable> {
    await new Promise<void>((go) => {
      this.#waiting.push({ weight, go });
      this.#passSoon();
    });
    return {
      [Symbol.asyncDispose]: () => {
        this.#free += 1;
        this.#passSoon();
        return Promise.resolve();
      },
    };
  }

  /** Who asks a moment later may be heavier than all who wait now. */
  #passSoon(): void {
    setTimeout(() => {
      if (this.#free === 0 || this.#waiting.length === 0) return;
      const heaviest = Math.max(...this.#waiting.map(({ weight }) => weight));
      const at = this.#waiting.findIndex(({ weight }) => weight === heaviest);
      this.#free -= 1;
      this.#waiting.splice(at, 1)[0]?.go();
    }, together);
  }
}
