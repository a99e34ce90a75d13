import { basename, join } from "node:path";
import { publish, readText, removeTree, write } from "../system/files.ts";
import { run } from "../system/process.ts";
import type { Cache } from "./cache.ts";
import { inventoryOf, unsettled, type Inventory } from "./soundness.ts";

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
   * Keep the ingredients and the list of files beside the output, and give it its name. Until it is on the disk its list says
   * that it is as good as absent once the machine was started anew; nobody need wait for that before going on, and a safety copy
   * is left so.
   */
  async publish({ key, ingredients, passing = false }: Sealed, signal: AbortSignal): Promise<void> {
    await write(join(this.out, ingredientsName), `${JSON.stringify(ingredients, undefined, 2)}\n`);
    const inventory = await inventoryOf(this.out, passing, this.#cache.digests);
    await write(join(this.out, inventoryName), listed(await unsettled(inventory)));
    const first = await this.#cache.place(this.out, key, signal);
    if (first && !passing) this.#cache.landing.add(key, landed(this.#cache.object(key), inventory));
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

const listed = (inventory: Inventory): string => `${JSON.stringify(inventory, undefined, 1)}\n`;

/** Not stopped with the build: it takes a moment, and what was made is then there for good. */
async function landed(object: string, inventory: Inventory): Promise<void> {
  await toDisk(object, Object.keys(inventory));
  const draft = join(object, `${inventoryName}.settled`);
  await write(draft, listed(inventory));
  await publish(draft, join(object, inventoryName));
}

/**
 * sync(1) takes files and folders by name. A layer's tree is not in its inventory but in its manifest, a line for each; only a large
 * one is worth to wait for a raw copy that is being written beside it and need never reach the disk.
 */
async function toDisk(out: string, inventory: readonly string[]): Promise<void> {
  const tree = inventory.includes("manifest") ? (await readText(join(out, "manifest"))).split("\n").length : 0;
  const many = inventory.length + tree > few;
  const named = ["(", "-type", "f", "-o", "-type", "d", ")", "-exec", "sync", "--", "{}", "+"];
  const command = many ? { tool: "sync", args: ["--file-system", out] } : { tool: "find", args: [out, ...named] };
  await run({ ...command, signal: new AbortController().signal });
}
