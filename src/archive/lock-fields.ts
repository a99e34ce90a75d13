import { Failure } from "../failure.ts";

/** A map of the lock, every field of which is asked for what it must be. */
export class Fields {
  readonly #map: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #where: string;
  constructor(value: unknown, where: string, file: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw broken(file, `${where} is not a map`);
    this.#map = value as Readonly<Record<string, unknown>>;
    this.#file = file;
    this.#where = where;
  }

  text(name: string, shape: RegExp): string {
    const value = this.#map[name];
    if (typeof value !== "string" || !shape.test(value)) throw this.#wrong(name);
    return value;
  }

  number(name: string): number {
    const value = this.#map[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw this.#wrong(name);
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.#map[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw this.#wrong(name);
    return value;
  }

  list(name: string): readonly Fields[] {
    const value = this.#map[name];
    if (!Array.isArray(value)) throw this.#wrong(name);
    return value.map((each: unknown, at) => new Fields(each, `${name}[${String(at)}]`, this.#file));
  }

  #wrong(name: string): Failure {
    const where = this.#where === this.#file ? name : `${this.#where}.${name}`;
    return broken(this.#file, `${where} is missing or is not what it should be`);
  }
}

/** A lock that cannot be read, and what is wrong with it. */
export const broken = (file: string, what: string): Failure =>
  new Failure("recipe-invalid", `${file}: ${what}`, {
    remedy: "take it from version control, or livewright lock --update",
  });
