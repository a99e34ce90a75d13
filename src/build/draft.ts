import { basename, join } from "node:path";
import { publish, removeTree, write } from "../system/files.ts";
import { run } from "../system/process.ts";
import type { Cache } from "./cache.ts";
import { inventoryOf } from "./soundness.ts";

/** What an object is made of, named: beside its output. */
export const ingredientsName = ".ingredients.json";
/** The list of its files. */
export const inventoryName = ".inventory.json";

/** What an output is published as. */
export interface Sealed {
  readonly key: string;
  readonly ingredients: Readonly<Record<string, string>>;
  /** It is a safety copy, soon removed again. */
  readonly passing?: boolean;
}

/** An output in the making: `out` becomes the object, the rest is thrown away. */
export class Draft implements AsyncDisposable {
  readonly path: string;
  readonly #cache: Cache;
  constructor(path: string, cache: Cache) {
    this.path = path;
    this.#cache = cache;
  }

  get out(): string {
    return join(this.path, "out");
  }

  get scratch(): string {
    return join(this.path, "scratch");
  }

  /** Keep the ingredients and the list of files beside the output, bring all of it to the disk, and only then give it its name. */
  async publish({ key, ingredients, passing = false }: Sealed, signal: AbortSignal): Promise<void> {
    await write(join(this.out, ingredientsName), `${JSON.stringify(ingredients, undefined, 2)}\n`);
    const inventory = await inventoryOf(this.out, passing, this.#cache.digests);
    await write(join(this.out, inventoryName), `${JSON.stringify(inventory, undefined, 1)}\n`);
    await run({ tool: "sync", args: ["--file-system", this.out], signal });
    await this.#cache.place(this.out, key, signal);
  }

  /** Put the draft aside, for someone to look at, and say where. */
  async keep(): Promise<string> {
    const aside = join(this.#cache.root, "kept", basename(this.path));
    await publish(this.path, aside);
    return aside;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeTree(this.path);
  }
}
