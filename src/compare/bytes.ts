/** Offset of the first byte in which two streams differ, or undefined if they are the same. One may be the other's beginning. */
export async function firstDifference(
  one: AsyncIterable<Buffer>,
  other: AsyncIterable<Buffer>,
): Promise<number | undefined> {
  const [left, right] = [new Supply(one), new Supply(other)];
  for (let at = 0; ;) {
    const [a, b] = [await left.peek(), await right.peek()];
    const length = Math.min(a.length, b.length);
    if (length === 0) return a.length === b.length ? undefined : at;
    const [mine, theirs] = [left.take(length), right.take(length)];
    if (!mine.equals(theirs)) return at + mine.findIndex((byte, index) => byte !== theirs[index]);
    at += length;
  }
}

/** A stream that can be taken in pieces of another stream's length. */
class Supply {
  readonly #source: AsyncIterator<Buffer>;
  #held: Buffer = Buffer.alloc(0);
  constructor(source: AsyncIterable<Buffer>) {
    this.#source = source[Symbol.asyncIterator]();
  }

  /** What is there next; nothing at the end. */
  async peek(): Promise<Buffer> {
    while (this.#held.length === 0) {
      const next = await this.#source.next();
      if (next.done === true) break;
      this.#held = next.value;
    }
    return this.#held;
  }

  take(length: number): Buffer {
    const taken = this.#held.subarray(0, length);
    this.#held = this.#held.subarray(length);
    return taken;
  }
}
