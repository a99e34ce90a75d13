import { basename, join } from "node:path";
import { publish, removeTree, write } from "../system/files.ts";
import { run } from "../system/process.ts";
import type { Cache } from "./cache.ts";
import { inventoryOf } from "./soundness.ts";

/** What an object is made of, named: beside its output. */
export const ingredientsName = ".ingredients.json";
/** The list of its files. */
export const inventoryName = ".inventory.json";

/** More files than these are brought to the disk with all else that waits for it, which others may be writing at this moment. */
const few = 500;

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

  /**
   * Keep the ingredients and the list of files beside the output, bring all of it to the disk, and only then give it its name.
   * A safety copy need not survive the machine: its list tells.
   */
  async publish({ key, ingredients, passing = false }: Sealed, signal: AbortSignal): Promise<void> {
    await write(join(this.out, ingredientsName), `${JSON.stringify(ingredients, undefined, 2)}\n`);
    const inventory = await inventoryOf(this.out, passing, this.#cache.digests);
    await write(join(this.out, inventoryName), `${JSON.stringify(inventory, undefined, 1)}\n`);
    if (!passing) await toDisk(this.out, Object.keys(inventory), signal);
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

/** sync(1) takes files and folders by name; a layer's tree is not in its inventory. */
async function toDisk(out: string, inventory: readonly string[], signal: AbortSignal): Promise<void> {
  const many = inventory.length > few || inventory.includes("manifest");
  const named = ["(", "-type", "f", "-o", "-type", "d", ")", "-exec", "sync", "--", "{}", "+"];
  const command = many ? { tool: "sync", args: ["--file-system", out] } : { tool: "find", args: [out, ...named] };
  await run({ ...command, signal });
}
