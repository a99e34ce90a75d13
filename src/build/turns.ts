interface Waiting {
  readonly weight: number;
  readonly place: number;
  readonly go: () => void;
}

/** Milliseconds within which those who wait for the same stage have all asked for their turn. */
const together = 5;

/** So many at a time; of those who wait, the heaviest goes next, and of equals the one with the foremost place. */
export class Turns {
  #free: number;
  readonly #waiting: Waiting[] = [];
  constructor(count: number) {
    this.#free = count;
  }

  async take({ weight, place }: Pick<Waiting, "weight" | "place">): Promise<AsyncDisposable> {
    await new Promise<void>((go) => {
      this.#waiting.push({ weight, place, go });
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
      this.#waiting.sort((one, other) => other.weight - one.weight || one.place - other.place);
      this.#free -= 1;
      this.#waiting.shift()?.go();
    }, together);
  }
}
