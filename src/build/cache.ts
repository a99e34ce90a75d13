import { randomUUID } from "node:crypto";
import { lstat, mkdir, mkdtemp, readdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { exists, isCode, noteUse, publish, readText, removeTree, write } from "../system/files.ts";
import { KnownDigests } from "../system/known-digests.ts";
import { lock, tryLock, type Lock } from "../system/lock.ts";
import { Memory } from "../system/memory.ts";
import { everyOwner, ownerMapping } from "../system/owners.ts";
import type { Discard } from "./discard.ts";
import { Draft, ingredientsName, inventoryName } from "./draft.ts";
import { Landing } from "./landing.ts";
import { faultsAtAGlance } from "./soundness.ts";

/** A finished output, as the cache knows it. */
export interface StoredObject {
  readonly key: string;
  readonly ingredients: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  readonly made: number;
  readonly used: number;
}

/**
 * Finished stage outputs by key, in `objects/`. A directory named by a key is complete, because it got its name last; it is
 * never written to again, and its own time tells when it was last used. What is still being made lies in `drafts/`, guarded
 * by a lock in `locks/`. `views/` remembers what stages saw in which layers.
 */
export class Cache {
  readonly root: string;
  /** Of what lies here, and of what goes out. */
  readonly digests: KnownDigests;
  /** What was looked at in this run, so that an object is not looked at twice. */
  readonly #sound = new Map<string, Promise<boolean>>();
  /** Its objects on their way to the disk. */
  readonly landing = new Landing();
  constructor(root: string) {
    this.root = root;
    this.digests = new KnownDigests(new Memory(root));
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

  /** Whether there is an object, and it looks whole: a damaged one is as good as none. */
  async has(key: string): Promise<boolean> {
    if (!(await exists(this.object(key)))) return false;
    const looks = this.#sound.get(key) ?? this.faults(key).then((faults) => faults.length === 0);
    this.#sound.set(key, looks);
    // Another build may make anew what was damaged.
    if (!(await looks)) this.#sound.delete(key);
    return looks;
  }

  /** What is wrong with an object: at a glance, which is quick, or in every byte. */
  async faults(key: string, look = faultsAtAGlance): Promise<readonly string[]> {
    const text = await readText(join(this.object(key), inventoryName)).catch((error: unknown) => {
      if (isCode(error, "ENOENT")) return undefined;
      throw error;
    });
    if (text === undefined) return ["the list of its files is missing"];
    return look(this.object(key), text);
  }

  /** Say that an object is used, for those who look for the least recently used. */
  async use(key: string): Promise<void> {
    await noteUse(this.object(key));
  }

  /** All objects, the most recently used first. */
  async objects(): Promise<readonly StoredObject[]> {
    const folder = join(this.root, "objects");
    const keys = (await exists(folder)) ? await readdir(folder) : [];
    const found = await Promise.all(keys.map((key) => this.stored(key)));
    return found.flatMap((one) => one ?? []).sort((a, b) => b.used - a.used);
  }

  /** One object, or nothing if it is gone or nobody can tell what it is. */
  async stored(key: string): Promise<StoredObject | undefined> {
    const path = join(this.object(key), ingredientsName);
    try {
      const [text, made, used] = await Promise.all([readText(path), lstat(path), lstat(this.object(key))]);
      const ingredients = JSON.parse(text) as StoredObject["ingredients"];
      return { key, ingredients, made: made.mtimeMs, used: used.mtimeMs };
    } catch (error) {
      if (isCode(error, "ENOENT") || error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /** What was seen when the same was asked before. */
  async remembered(asked: string): Promise<string | undefined> {
    const path = join(this.root, "views", asked);
    const seen = (await exists(path)) ? (await readText(path)).trim() : "";
    return /^[0-9a-f]{64}$/.test(seen) ? seen : undefined;
  }

  async remember(asked: string, seen: string): Promise<void> {
    const path = join(this.root, "views", asked);
    const draft = `${path}.${String(process.pid)}`;
    await write(draft, `${seen}\n`);
    await publish(draft, path);
  }

  /**
   * Remove an object, unless it was used after `unless`. It loses its name first, so that nobody ever sees half of it; who
   * used it at that very moment gets it back.
   */
  async drop(key: string, signal: AbortSignal, unless = Infinity): Promise<boolean> {
    if (!(await exists(this.object(key)))) return false;
    await using _hold = await this.hold(key, signal, () => undefined);
    const usedAfter = async (path: string): Promise<boolean> => (await lstat(path)).mtimeMs > unless;
    if (!(await exists(this.object(key))) || (await usedAfter(this.object(key)))) return false;
    const gone = join(this.root, "drafts", `${key}.dropped`);
    await publish(this.object(key), gone);
    if (await usedAfter(gone)) {
      await publish(gone, this.object(key));
      return false;
    }
    this.#sound.delete(key);
    await removeTree(gone);
    return true;
  }

  /** Remove an object that is damaged, unless somebody has made it anew by the time that nobody else holds it. */
  async dropDamaged(key: string, signal: AbortSignal): Promise<void> {
    await using _hold = await this.hold(key, signal, () => undefined);
    this.#sound.delete(key);
    if ((await exists(this.object(key))) && (await this.faults(key)).length > 0) await this.#putAside(key, signal);
  }

  /** Give a finished output its name. One that was there first is as good, but a damaged one makes way. */
  async place(out: string, key: string, signal: AbortSignal): Promise<boolean> {
    this.#sound.delete(key);
    if ((await exists(this.object(key))) && (await this.faults(key)).length > 0) await this.#putAside(key, signal);
    try {
      await publish(out, this.object(key));
      return true;
    } catch (error) {
      if (!isCode(error, "ENOTEMPTY") && !isCode(error, "EEXIST")) throw error;
      return false;
    }
  }

  async #putAside(key: string, signal: AbortSignal): Promise<void> {
    const aside = join(this.root, "drafts", `${key}.damaged.${randomUUID()}`);
    await publish(this.object(key), aside);
    await removeTree(aside, signal);
  }

  /** The same of many objects, each as `discard` takes it; returns those that went. */
  async dropAll<Each extends StoredObject>(objects: Iterable<Each>, discard: Discard): Promise<readonly Each[]> {
    const gone: Each[] = [];
    for (const object of objects) {
      if (!(await discard.take({ path: this.object(object.key), unless: object.used }))) continue;
      this.#sound.delete(object.key);
      gone.push(object);
    }
    return gone;
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

  /** Begin an output. The caller holds `name` for as long as the draft lives. */
  async draft(name: string): Promise<Draft> {
    const drafts = join(this.root, "drafts");
    await mkdir(drafts, { recursive: true });
    const path = await mkdtemp(join(drafts, `${name}.`));
    for (const part of ["out", "scratch", "work", "out-work", "mount"]) await mkdir(join(path, part));
    return new Draft(path, this);
  }
}

function foreign(cache: string, before: string, mapping: string): Failure {
  const [, user = "0"] = before.split(" ");
  const maker = user === "0" ? "root" : `user ${user}`;
  const text = `${cache} was made by ${maker}, whose files have owners of another mapping (${before}; here it is ${mapping})`;
  return new Failure("refused", text, { remedy: "name another folder with --cache" });
}
