import type { Plan, PlannedStage } from "../plan/stage.ts";
import { exists } from "../system/files.ts";
import { isShared } from "./attendance.ts";
import type { Site } from "./site.ts";
import { neededBy } from "./walk.ts";

/**
 * A build's safety copies and steps on the way (`passing` of a stage). Each goes as soon as nothing is left that could need it: what is
 * made after that has its room on the disk, and its memory, which is quicker than memory that nobody has used for a while.
 */
export class Passing {
  readonly #site: Site;
  readonly #wanted: ReadonlySet<string>;
  /** Who may need a stage, by its name. */
  readonly #users = new Map<string, readonly string[]>();
  readonly #finished = new Set<string>();
  readonly #served = new Map<string, Served>();

  constructor({ stages }: Plan, wanted: readonly string[], site: Site) {
    this.#site = site;
    this.#wanted = new Set(wanted);
    for (const { name } of stages)
      this.#users.set(
        name,
        stages.filter((user) => mayNeed(user, name)).map((user) => user.name),
      );
  }

  /** A stage is done, or was found done; the plan is as far as its keys are known now. */
  finished(stage: string, { stages }: Plan): void {
    this.#finished.add(stage);
    for (const { name, key, passing } of stages)
      if (passing === true && key !== undefined && !this.#served.has(name) && this.#hasServed(name))
        this.#served.set(name, this.#begin(key));
  }

  /** The build is over. What another one kept here then may be free now. */
  async over(): Promise<void> {
    const served = [...this.#served.values()];
    await Promise.all(served.map(({ gone }) => gone));
    await Promise.all(served.map(({ key, looked }) => this.#drop(key, looked)));
  }

  #hasServed(name: string): boolean {
    const users = this.#users.get(name) ?? [];
    return !this.#wanted.has(name) && users.every((user) => this.#finished.has(user) || this.#hasServed(user));
  }

  #begin(key: string): Served {
    const looked = Date.now();
    return { key, looked, gone: this.#drop(key, looked) };
  }

  /**
   * Another build that runs may be reading it: then it stays, for whoever ends alone or cleans. One that begins after that was looked
   * at has what it used since.
   */
  async #drop(key: string, looked: number): Promise<void> {
    const { cache, signal, report } = this.#site;
    try {
      if ((await exists(cache.object(key))) && !(await isShared(cache, signal))) await cache.drop(key, signal, looked);
    } catch (error) {
      if (!signal.aborted)
        report({ kind: "warning", text: `a safety copy stays in the cache: ${(error as Error).message}` });
    }
  }
}

interface Served {
  readonly key: string;
  /** When nothing needed it any more, milliseconds since 1970. */
  readonly looked: number;
  readonly gone: Promise<void>;
}

/** To be made, or to be made again from when it fails. */
const mayNeed = (user: PlannedStage, name: string): boolean =>
  neededBy(user).includes(name) || (user.keeps?.at === "stage" && user.keeps.stage === name);
