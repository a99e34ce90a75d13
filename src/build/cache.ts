import { randomUUID } from "node:crypto";
import { mkdir, mkdtemp, readdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { Failure } from "../failure.ts";
import { exists, publish, readText, removeTree, write } from "../system/files.ts";
import { lock, tryLock, type Lock } from "../system/lock.ts";
import { everyOwner, ownerMapping } from "../system/owners.ts";
import { run } from "../system/process.ts";

/**
 * Finished stage outputs by key, in `objects/`. A directory named by a key is complete, because it got its name last; it is
 * never written to again. What is still being made lies in `drafts/`, guarded by a lock in `locks/`.
 */
export class Cache {
  readonly root: string;
  constructor(root: string) {
    this.root = root;
  }

  /**
   * Trees belong to one mapping of owners, and mean nothing in another: the first build leaves its own here. A cache without
   * one is older than this, and root's.
   */
  async claim(): Promise<void> {
    const file = join(this.root, "owners");
    const mapping = await ownerMapping();
    const begun = await exists(join(this.root, "objects"));
    const before = (await exists(file)) ? (await readText(file)).trim() : begun ? everyOwner : undefined;
    if (before === mapping) return;
    if (before !== undefined) throw foreign(this.root, before, mapping);
    const draft = `${file}.${randomUUID()}`; // Several builds may begin at once.
    await write(draft, `${mapping}\n`);
    await publish(draft, file);
  }

  object(key: string): string {
    return join(this.root, "objects", key);
  }

  has(key: string): Promise<boolean> {
    return exists(this.object(key));
  }

  /** Remove an object. It loses its name first, so that nobody ever sees half of it. */
  async drop(key: string, signal: AbortSignal): Promise<void> {
    if (!(await this.has(key))) return;
    await using _hold = await this.hold(key, signal, () => undefined);
    const gone = join(this.root, "drafts", `${key}.dropped`);
    await publish(this.object(key), gone);
    await removeTree(gone, signal);
  }

  /** A folder that builds share. */
  async shared(name: string): Promise<string> {
    const folder = join(this.root, "shared", name);
    await mkdir(join(folder, "partial"), { recursive: true });
    return folder;
  }

  /** Clear away what builds that died left: drafts whose key nobody holds. */
  async sweep(signal: AbortSignal): Promise<void> {
    const drafts = join(this.root, "drafts");
    await mkdir(join(this.root, "locks"), { recursive: true });
    for (const left of (await exists(drafts)) ? await readdir(drafts) : []) {
      await using free = await tryLock(join(this.root, "locks", left.replace(/\..*/, "")), signal);
      if (free !== undefined) await removeTree(join(drafts, left), signal);
    }
  }

  /** Hold a key, so that one build makes it and the others wait. */
  async hold(key: string, signal: AbortSignal, onWait: () => void): Promise<Lock> {
    await mkdir(join(this.root, "locks"), { recursive: true });
    return lock(join(this.root, "locks", key), signal, onWait);
  }

  /** Begin an output. The caller holds the key for as long as the draft lives. */
  async draft(key: string): Promise<Draft> {
    const drafts = join(this.root, "drafts");
    await mkdir(drafts, { recursive: true });
    const path = await mkdtemp(join(drafts, `${key}.`));
    for (const part of ["out", "scratch", "work", "mount"]) await mkdir(join(path, part));
    return new Draft(path, this.object(key), join(this.root, "kept"));
  }
}

function foreign(cache: string, before: string, mapping: string): Failure {
  const [, user = "0"] = before.split(" ");
  const maker = user === "0" ? "root" : `user ${user}`;
  const text = `${cache} was made by ${maker}, whose files have owners of another mapping (${before}; here it is ${mapping})`;
  return new Failure("refused", text, { remedy: "name another folder with --cache" });
}

/** An output in the making: `out` becomes the object, the rest is thrown away. */
export class Draft implements AsyncDisposable {
  readonly path: string;
  readonly #object: string;
  readonly #kept: string;
  constructor(path: string, object: string, kept: string) {
    this.path = path;
    this.#object = object;
    this.#kept = kept;
  }

  get out(): string {
    return join(this.path, "out");
  }

  get scratch(): string {
    return join(this.path, "scratch");
  }

  /** Keep the ingredients beside the output, bring all of it to the disk, and only then give it its name. */
  async publish(ingredients: Readonly<Record<string, string>>, signal: AbortSignal): Promise<void> {
    await write(join(this.out, ".ingredients.json"), `${JSON.stringify(ingredients, undefined, 2)}\n`);
    await run({ tool: "sync", args: ["--file-system", this.out], signal });
    await publish(this.out, this.#object);
  }

  /** Put the draft aside, for someone to look at, and say where. */
  async keep(): Promise<string> {
    const aside = join(this.#kept, basename(this.path));
    await publish(this.path, aside);
    return aside;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await removeTree(this.path, new AbortController().signal);
  }
}
