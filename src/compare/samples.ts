import { mkdir } from "node:fs/promises";
import { join } from "node:path";

/** So many files are looked into; more differ for one and the same reason. */
const most = 20;

/** A file of each side, under names that a program which shows their difference will print. */
export interface Sample {
  readonly published: string;
  readonly rebuilt: string;
}

/** Copies of files that differ, in `published/` and `rebuilt/`. Names of the media become names of ours. */
export class Samples {
  readonly folder: string;
  readonly #taken: Sample[] = [];
  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(folder: string): Promise<Samples> {
    for (const side of ["published", "rebuilt"]) await mkdir(join(folder, side), { recursive: true });
    return new Samples(folder);
  }

  get count(): number {
    return this.#taken.length;
  }

  /** Where to put the two, or nothing if there are enough. */
  next(name: string): Sample | undefined {
    if (this.#taken.length >= most) return undefined;
    const file = `${String(this.#taken.length + 1).padStart(2, "0")}-${name
      .replace(/^\//, "")
      .replaceAll(/[^\w.+-]+/g, "_")
      .slice(-120)}`;
    const sample = { published: join(this.folder, "published", file), rebuilt: join(this.folder, "rebuilt", file) };
    this.#taken.push(sample);
    return sample;
  }
}
