import { copyFile, link, mkdir, open, readdir, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Cache } from "../build/cache.ts";
import { readDigests } from "../build/checksums.ts";
import { readManifest } from "../build/tar/manifest.ts";
import { readBack } from "../build/verify-squashfs.ts";
import { Failure } from "../failure.ts";
import { packageState } from "../netboot/package-state.ts";
import { parseRecord, renderRecord, type ModuleRecord } from "../netboot/record.ts";
import { packedFile } from "../plan/modules-only.ts";
import { replace } from "../restack/restack.ts";
import type { Sums } from "../restack/sums.ts";
import { exists, isCode, publish, readText, removeTree } from "../system/files.ts";
import { lock } from "../system/lock.ts";
import type { PlannedModule } from "./planned.ts";
import type { Standing } from "./verdict.ts";

/** What a module was made of, kept beside it: enough to say later what has changed. */
interface Note {
  readonly format: 1;
  readonly key: string;
  readonly sha256: string;
  readonly own: Readonly<Record<string, string>>;
}

/**
 * A folder of modules: each is NAME.squashfs with NAME.module, its record, beside it. `.made/` tells what each was made of; what is
 * not told there is another's.
 */
export class ModulesFolder {
  readonly path: string;
  readonly #cache: Cache;
  readonly #sums: Sums;
  constructor(path: string, how: { readonly cache: Cache; readonly sums: Sums }) {
    this.path = path;
    this.#cache = how.cache;
    this.#sums = how.sums;
  }

  image(chain: string): string {
    return join(this.path, `${chain}.squashfs`);
  }

  record(chain: string): string {
    return join(this.path, `${chain}.module`);
  }

  #note(chain: string): string {
    return join(this.path, ".made", `${chain}.json`);
  }

  /** Names of all modules that are there, whoever made them. */
  async names(): Promise<readonly string[]> {
    if (!(await exists(this.path))) return [];
    const files = await readdir(this.path);
    return files.flatMap((file) => (file.endsWith(".squashfs") ? [file.slice(0, -".squashfs".length)] : [])).sort();
  }

  /** The record of a module that can be believed to be one; undefined where there is none. */
  async recordOf(chain: string): Promise<ModuleRecord | undefined> {
    const file = this.record(chain);
    if (!(await exists(file))) return undefined;
    try {
      return parseRecord(await readText(file), file);
    } catch (error) {
      if (error instanceof Failure) return undefined;
      throw error;
    }
  }

  async standing(chain: string): Promise<Standing> {
    const image = await exists(this.image(chain));
    const record = await this.recordOf(chain);
    const note = await this.#noteOf(chain);
    if (!image && !(await exists(this.record(chain)))) return { is: "absent", why: "it is not there" };
    if (note === undefined) return { is: "strange", why: `${this.image(chain)} was not put there by livewright` };
    if (!image || record === undefined) return { is: "absent", why: "part of it is missing" };
    const same = record.sha256 === note.sha256 && (await this.#sums.of(this.image(chain))) === record.sha256;
    const { key, own } = note;
    return { is: "ours", record, key, own, faults: same ? [] : ["its files are not as they were made"] };
  }

  async #noteOf(chain: string): Promise<Note | undefined> {
    const file = this.#note(chain);
    if (!(await exists(file))) return undefined;
    try {
      const note = JSON.parse(await readText(file)) as Partial<Note>;
      return note.format === 1 && typeof note.own === "object" ? (note as Note) : undefined;
    } catch (error) {
      if (error instanceof SyntaxError) return undefined;
      throw error;
    }
  }

  /**
   * Put a finished module here, as one more name of the file in the cache, with the record of what it stands on. Whoever is
   * interrupted leaves a module whose parts disagree, which counts as not made: what it was made of goes first, since without
   * that the others count as another's.
   */
  async take(module: PlannedModule, lower: ModuleRecord | undefined, signal: AbortSignal): Promise<ModuleRecord> {
    const { chain, key, own, layer } = module;
    const object = this.#cache.object(key);
    const { sha256 } = await readDigests(join(object, "digests"));
    const { size } = await stat(join(object, packedFile));
    const record: ModuleRecord = {
      format: 1,
      name: layer,
      chain,
      ...(lower === undefined ? {} : { parent: lower.sha256 }),
      sha256,
      bytes: size,
      below: lower === undefined ? [] : [...lower.below, lower.sha256],
      configuration: packageState(await this.#members(module, signal)).length === 0,
    };
    await mkdir(this.path, { recursive: true });
    await using _held = await lock(this.path, signal, () => undefined); // Another run may be putting the same here.
    const note: Note = { format: 1, key, sha256, own };
    await replace(this.#note(chain), `${JSON.stringify(note, undefined, 2)}\n`);
    await named(join(object, packedFile), this.image(chain));
    await replace(this.record(chain), renderRecord(record));
    return record;
  }

  /**
   * Keep every module within reach until this is disposed of, whatever takes its name: what stands on it may have to be compared with
   * it. Those that a run left that was killed go first.
   */
  async setAside(wanted: boolean): Promise<AsyncDisposable & { readonly places: readonly string[] }> {
    const aside = join(this.path, ".made", "replaced");
    const clear = (): Promise<void> => removeTree(aside);
    await clear();
    if (wanted)
      for (const chain of await this.names()) await named(this.image(chain), join(aside, `${chain}.squashfs`));
    return { places: wanted ? [aside] : [], [Symbol.asyncDispose]: clear };
  }

  async #members({ layerKey, key }: PlannedModule, signal: AbortSignal): ReturnType<typeof readManifest> {
    if (await this.#cache.has(layerKey)) return readManifest(join(this.#cache.object(layerKey), "manifest"));
    return readBack(join(this.#cache.object(key), packedFile), signal);
  }
}

/** One more name for a file, in place of what had that name; a copy where the file system cannot do so. */
export async function named(from: string, to: string): Promise<void> {
  const partial = `${to}.partial`;
  await mkdir(dirname(to), { recursive: true });
  try {
    await rm(partial, { force: true });
    await link(from, partial).catch(async (error: unknown) => {
      if (!["EXDEV", "EPERM", "EMLINK"].some((code) => isCode(error, code))) throw error;
      await copyFile(from, partial);
      await using file = await open(partial, "r+");
      await file.sync();
    });
    await publish(partial, to);
  } finally {
    await rm(partial, { force: true }); // rename(2) leaves both names of one file.
  }
}
