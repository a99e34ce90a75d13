const stars = "********";

/** Hides secrets in text that arrives in pieces, also where a piece ends within one. */
export class Masker {
  readonly #secrets: readonly string[];
  readonly #longest: number;
  #held = "";

  constructor(secrets: readonly string[]) {
    // The longest first, so that one secret within another hides neither half.
    this.#secrets = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
    this.#longest = this.#secrets[0]?.length ?? 1;
  }

  /** What may be shown now; the end is held back while it could be the beginning of a secret. */
  take(text: string): string {
    const all = mask(this.#held + text, this.#secrets);
    const shown = Math.max(0, all.length - this.#longest + 1);
    this.#held = all.slice(shown);
    return all.slice(0, shown);
  }

  rest(): string {
    const rest = this.#held;
    this.#held = "";
    return rest;
  }
}

export const mask = (text: string, secrets: readonly string[]): string =>
  secrets.reduce((masked, secret) => (secret === "" ? masked : masked.replaceAll(secret, stars)), text);
