/** What `await using` would do for several things that are handed on once all of them stand. */
export class AsyncStack implements AsyncDisposable {
  #things: AsyncDisposable[] = [];

  use<T extends AsyncDisposable>(thing: T): T {
    this.#things.push(thing);
    return thing;
  }

  /** From now on whoever gets what this returns has to dispose of them. */
  move(): AsyncDisposable {
    const moved = new AsyncStack();
    moved.#things = this.#things;
    this.#things = [];
    return moved;
  }

  /** The last comes first, and one that fails keeps none from its end. */
  async [Symbol.asyncDispose](): Promise<void> {
    const faults: unknown[] = [];
    for (const thing of this.#things.reverse()) {
      try {
        await thing[Symbol.asyncDispose]();
      } catch (error) {
        faults.push(error);
      }
    }
    if (faults.length > 0) throw faults[0] as Error;
  }
}
