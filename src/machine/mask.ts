const stars = "********";

/** Hides secrets in text that arrives in pieces, also where a piece ends within one. */
export class Masker {
  readonly #secrets: RegExp;
  readonly #longest: number;
  #held = "";

  constructor(secrets: readonly string[]) {
    // The longest first, so that one secret within another leaves no half of the longer one.
    const sorted = secrets.filter((secret) => secret !== "").sort((a, b) => b.length - a.length);
    this.#secrets = new RegExp(sorted.length === 0 ? "(?!)" : sorted.map(literal).join("|"), "g");
    this.#longest = sorted[0]?.length ?? 1;
  }

  /** What may be shown now. The end is held back while it could be the beginning of a secret. */
  take(text: string): string {
    const all = this.#held + text;
    const certain = Math.max(0, all.length - this.#longest + 1);
    let shown = "";
    let at = 0;
    for (const { index, 0: secret } of all.matchAll(this.#secrets)) {
      if (index >= certain) break;
      shown += all.slice(at, index) + stars;
      at = index + secret.length;
    }
    const end = Math.max(at, certain);
    this.#held = all.slice(end);
    return shown + all.slice(at, end);
  }

  rest(): string {
    const rest = this.#held.replaceAll(this.#secrets, stars);
    this.#held = "";
    return rest;
  }
}

const literal = (text: string): string => text.replaceAll(/[.*+?^${}()|[\]\\]/g, "\\$&");
