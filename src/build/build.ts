import { setMaxListeners } from "node:events";
import { Failure } from "../failure.ts";
import { readsOf } from "../plan/places.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import { locate } from "./locate.ts";
import { perform } from "./perform.ts";
import type { Site } from "./site.ts";

/** A finished artefact: where it lies in the cache and what it is to be called. */
export interface Made {
  readonly path: string;
  readonly name: string;
}

/**
 * Carry a plan out: only stages that an artefact needs and the cache lacks, as many at a time as the site allows. When one
 * fails, the others are stopped and the first failure is told.
 */
export async function build(plan: Plan, site: Site): Promise<readonly Made[]> {
  await site.cache.claim();
  await site.cache.sweep(site.signal);
  const walk = new Walk(plan, site);
  const wanted = plan.artefacts.flatMap(({ place }) => (place.at === "stage" ? [place.stage] : []));
  await walk.all([...new Set(wanted)]);
  for (const { name, key, passing } of plan.stages)
    if (passing === true && !wanted.includes(name)) await site.cache.drop(key, site.signal);
  return plan.artefacts.map(({ place, name }) => ({ path: locate(place, { plan, site }), name }));
}

/** Names of the stages that artefacts need and the cache lacks: what `build` would do. */
export async function staleStages(plan: Plan, has: (key: string) => Promise<boolean>): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    const stage = plan.stages.find((each) => each.name === name);
    if (stage === undefined || stale.has(name) || (await has(stage.key))) return;
    stale.add(name);
    for (const below of [...readsOf(stage), ...(stage.after ?? [])]) await visit(below);
  };
  for (const { place } of plan.artefacts) if (place.at === "stage") await visit(place.stage);
  return stale;
}

/** One walk over a plan's graph. Each stage is asked for at most once; asking again gives the same promise. */
class Walk {
  readonly #plan: Plan;
  readonly #site: Site;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #turns: Turns;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(plan: Plan, site: Site) {
    this.#plan = plan;
    this.#turns = new Turns(site.jobs);
    this.#signal = AbortSignal.any([site.signal, this.#stop.signal]);
    setMaxListeners(0, this.#signal);
    this.#site = { ...site, signal: this.#signal };
  }

  async all(names: readonly string[]): Promise<void> {
    const results = await Promise.allSettled(names.map((name) => this.#ask(name)));
    const reasons = results.flatMap((result) => (result.status === "rejected" ? [result.reason as unknown] : []));
    if (reasons.length > 0) throw this.#stop.signal.aborted ? this.#stop.signal.reason : reasons[0];
  }

  #ask(name: string): Promise<void> {
    const asked = this.#asked.get(name) ?? this.#make(this.#stage(name));
    this.#asked.set(name, asked);
    return asked;
  }

  #stage(name: string): PlannedStage {
    const stage = this.#plan.stages.find((each) => each.name === name);
    if (stage === undefined) throw new Failure("bug", `no stage is called ${name}`);
    return stage;
  }

  async #make(stage: PlannedStage): Promise<void> {
    const { cache, report } = this.#site;
    const at = this.#plan.stages.indexOf(stage) + 1;
    const of = this.#plan.stages.length;
    if (await cache.has(stage.key)) {
      this.#site.log(stage.name, `reused, ${stage.key}`);
      report({ kind: "stage-reused", stage: stage.name, at, of });
      return;
    }
    await Promise.all([...readsOf(stage), ...(stage.after ?? [])].map((below) => this.#ask(below)));
    try {
      await using _turn = await this.#turns.take();
      this.#signal.throwIfAborted();
      await this.#run(stage, { at, of });
    } catch (error) {
      const told = await this.#salvage(stage, error);
      if (!this.#signal.aborted) this.#stop.abort(told);
      throw told;
    }
  }

  async #run(stage: PlannedStage, { at, of }: { readonly at: number; readonly of: number }): Promise<void> {
    const { report } = this.#site;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    this.#site.log(stage.name, `to be made, ${stage.key}`);
    report({ kind: "stage-started", stage: stage.name, at, of });
    try {
      await this.#fill(stage);
    } catch (error) {
      report({ kind: "stage-failed", stage: stage.name, seconds: seconds() });
      throw this.#tell(stage, error);
    }
    report({ kind: "stage-finished", stage: stage.name, at, of, seconds: seconds() });
  }

  async #fill(stage: PlannedStage): Promise<void> {
    const { cache, report, keepFailed } = this.#site;
    await using _hold = await cache.hold(stage.key, this.#signal, () => {
      report({ kind: "note", text: `another build is making ${stage.name}; waiting for it` });
    });
    if (await cache.has(stage.key)) return;
    await using draft = await cache.draft(stage.key);
    try {
      for (const step of stage.steps) await perform(step, { plan: this.#plan, site: this.#site, draft, stage });
    } catch (error) {
      if (keepFailed && !this.#site.signal.aborted) {
        report({ kind: "note", text: `the draft of ${stage.name} is kept in ${await draft.keep()}` });
      }
      throw error;
    }
    await draft.publish(stage.ingredients, this.#signal);
  }

  /** What a failed stage can be made from again is completed before anything else is stopped, and its place is told. */
  async #salvage({ keeps }: PlannedStage, error: unknown): Promise<unknown> {
    if (keeps?.at !== "stage" || !(error instanceof Failure) || this.#signal.aborted) return error;
    await this.#ask(keeps.stage);
    const kept = locate(keeps, { plan: this.#plan, site: this.#site });
    return new Failure(
      error.code === "step-failed" ? "verification-failed" : error.code,
      `${error.message}\nThe raw copy of the root filesystem is kept: ${kept}`,
      { remedy: "look for a full disk or failing memory, then build again", cause: error },
    );
  }

  /** Name the stage and the log: the message alone must be enough to go on with. */
  #tell(stage: PlannedStage, error: unknown): unknown {
    if (!(error instanceof Failure) || this.#signal.aborted) return error;
    const { code, message, remedy } = error;
    const full = `${stage.name}: ${message}\nThe whole log: ${this.#site.logFile}`;
    return new Failure(full.includes("No space left on device") ? "no-space" : code, full, { remedy, cause: error });
  }
}

/** So many at a time. */
class Turns {
  #free: number;
  readonly #waiting: (() => void)[] = [];
  constructor(count: number) {
    this.#free = count;
  }

  async take(): Promise<AsyncDisposable> {
    if (this.#free > 0) this.#free -= 1;
    else await new Promise<void>((resolve) => this.#waiting.push(resolve));
    return {
      [Symbol.asyncDispose]: () => {
        const next = this.#waiting.shift();
        if (next === undefined) this.#free += 1;
        else next();
        return Promise.resolve();
      },
    };
  }
}
