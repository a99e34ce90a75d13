/** Who asks for a turn. */
interface Asking {
  readonly weight: number;
  readonly place: number;
}

interface Waiting extends Asking {
  readonly go: () => void;
}

export interface Turn extends AsyncDisposable {
  /** A heavier one had its turn when this one began, and should not be kept waiting by it. */
  readonly givesWay: boolean;
}

/** Milliseconds within which those who wait for the same stage have all asked for their turn. */
const together = 5;

/** So many at a time; of those who wait, the heaviest goes next, and of equals the one with the foremost place. */
export class Turns {
  #free: number;
  readonly #waiting: Waiting[] = [];
  readonly #running = new Set<Asking>();

  constructor(count: number) {
    this.#free = count;
  }

  async take(asking: Asking): Promise<Turn> {
    await new Promise<void>((go) => {
      this.#waiting.push({ ...asking, go });
      this.#passSoon();
    });
    const givesWay = [...this.#running].some(({ weight }) => weight > asking.weight);
    this.#running.add(asking);
    return {
      givesWay,
      [Symbol.asyncDispose]: () => {
        this.#running.delete(asking);
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
