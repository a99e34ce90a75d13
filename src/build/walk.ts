import { setMaxListeners } from "node:events";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { readsOf } from "../plan/places.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import { settle, stageName } from "../plan/views.ts";
import { wordsOf } from "../plan/words.ts";
import { exists, write } from "../system/files.ts";
import type { Draft } from "./cache.ts";
import { keyOf, locate } from "./locate.ts";
import { perform } from "./perform.ts";
import type { Site } from "./site.ts";
import { Turns } from "./turns.ts";
import type { Node } from "./view/tree.ts";
import {
  foundAgain,
  isViewer,
  knownView,
  newView,
  recordName,
  sharedKey,
  viewedTree,
  type Viewer,
} from "./view/viewed.ts";

/** One walk over a plan's graph. Each stage is asked for at most once; asking again gives the same promise. */
export class Walk {
  /** Its keys become known as the walk goes on. */
  plan: Plan;
  readonly #site: Site;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #turns: Turns;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(plan: Plan, site: Site) {
    this.plan = plan;
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
    const asked = this.#asked.get(name) ?? this.#make(name);
    this.#asked.set(name, asked);
    return asked;
  }

  #stage(name: string): PlannedStage {
    const stage = this.plan.stages.find((each) => each.name === name);
    if (stage === undefined) throw new Failure("bug", `no stage is called ${name}`);
    return stage;
  }

  async #make(name: string): Promise<void> {
    if (this.#stage(name).awaits !== undefined) await this.#settled(name);
    if (await this.#reused(this.#stage(name))) return;
    const stage = this.#stage(name);
    await Promise.all([...readsOf(stage), ...(stage.after ?? [])].map((below) => this.#ask(below)));
    try {
      await using _turn = await this.#turns.take();
      this.#signal.throwIfAborted();
      await this.#run(stage);
    } catch (error) {
      const told = await this.#salvage(stage, error);
      if (!this.#signal.aborted) this.#stop.abort(told);
      throw told;
    }
  }

  /** Go as far as it takes to know a stage's key: what it views is made first, or what it reads if that has a view. */
  async #settled(name: string): Promise<void> {
    const { view, awaits = [] } = this.#stage(name);
    const below = this.plan.stages.filter((each) => awaits.includes(stageName(each.name))).map((each) => each.name);
    await Promise.all([...below, ...(view?.layers ?? [])].map((each) => this.#ask(each)));
    const stage = this.#stage(name);
    if (!isViewer(stage)) return;
    const known = await knownView(stage, { plan: this.plan, cache: this.#site.cache });
    if (known !== undefined) this.plan = settle(this.plan, name, known);
  }

  async #reused({ name, key }: PlannedStage): Promise<boolean> {
    const { cache, report, log, signal } = this.#site;
    if (key === undefined) return false;
    await cache.use(key);
    if (await cache.has(key)) {
      log(name, `reused, ${key}`);
      report({ kind: "stage-reused", stage: name, ...this.#position(name) });
      return true;
    }
    if (!(await exists(cache.object(key)))) return false;
    const [fault = "it is not whole"] = await cache.faults(key);
    report({ kind: "warning", text: `the finished ${name} in the cache is damaged and is made again: ${fault}` });
    await cache.drop(key, signal);
    return false;
  }

  #position(name: string): { readonly at: number; readonly of: number } {
    return { at: this.plan.stages.findIndex((each) => each.name === name) + 1, of: this.plan.stages.length };
  }

  async #run(stage: PlannedStage): Promise<void> {
    const { report } = this.#site;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    this.#site.log(stage.name, `to be made, ${stage.key ?? "what it views has not been seen before"}`);
    report({ kind: "stage-started", stage: stage.name, ...this.#position(stage.name) });
    try {
      await (isViewer(stage) ? this.#fillViewing(stage) : this.#fill(stage));
    } catch (error) {
      report({ kind: "stage-failed", stage: stage.name, seconds: seconds() });
      throw this.#tell(stage, error);
    }
    report({ kind: "stage-finished", stage: stage.name, ...this.#position(stage.name), seconds: seconds() });
  }

  async #fill(stage: PlannedStage): Promise<void> {
    const { cache } = this.#site;
    const key = keyOf(this.plan, stage.name);
    await using _hold = await this.#hold(stage.name, key);
    if (await cache.has(key)) return;
    await using draft = await this.#drafted(stage, key);
    await draft.publish({ ...stage, key }, this.#signal);
  }

  /**
   * A stage with a view is named by what it turns out to have viewed. Others that find the same in the paths they declare
   * wait for it, for its output may be theirs.
   */
  async #fillViewing(stage: Viewer): Promise<void> {
    const { cache } = this.#site;
    const standing = { plan: this.plan, cache };
    const tree = await viewedTree(stage, standing);
    if (tree === undefined) throw new Failure("bug", `the layers that ${stage.name} views are gone`);
    const shared = sharedKey(stage, tree);
    await using _hold = await this.#hold(stage.name, shared);
    const view = (await foundAgain(stage, tree, standing)) ?? (await this.#viewed(stage, tree, shared));
    this.plan = settle(this.plan, stage.name, view);
  }

  async #viewed(stage: Viewer, tree: Node, shared: string): Promise<string> {
    const { cache } = this.#site;
    await using draft = await this.#drafted(stage, shared);
    const { view, record } = await newView(stage, tree, { plan: this.plan, cache, out: draft.out });
    await write(join(draft.out, recordName), `${JSON.stringify(record)}\n`);
    const { key, ingredients } = settle({ ...this.plan, stages: [stage] }, stage.name, view).stages[0] ?? stage;
    if (key === undefined) throw new Failure("bug", `${stage.name} reads what has no key yet`);
    if (!(await cache.has(key))) await draft.publish({ key, ingredients }, this.#signal);
    return view;
  }

  #hold(stage: string, key: string): Promise<AsyncDisposable> {
    const { cache, report } = this.#site;
    return cache.hold(key, this.#signal, () => {
      report({ kind: "note", text: `another build is making ${stage}; waiting for it` });
    });
  }

  /** All steps done in a new draft, which is the caller's to dispose of. */
  async #drafted(stage: PlannedStage, name: string): Promise<Draft> {
    const { cache, report, keepFailed } = this.#site;
    const draft = await cache.draft(name);
    try {
      for (const step of stage.steps) {
        const began = performance.now();
        await perform(step, { plan: this.plan, site: this.#site, draft, stage });
        this.#site.timed?.(stage.name, wordsOf(step), began);
      }
      return draft;
    } catch (error) {
      if (keepFailed && !this.#site.signal.aborted)
        report({ kind: "note", text: `the draft of ${stage.name} is kept in ${await draft.keep()}` });
      await draft[Symbol.asyncDispose]();
      throw error;
    }
  }

  /** What a failed stage can be made from again is completed before anything else is stopped, and its place is told. */
  async #salvage({ keeps }: PlannedStage, error: unknown): Promise<unknown> {
    if (keeps?.at !== "stage" || !(error instanceof Failure) || this.#signal.aborted) return error;
    await this.#ask(keeps.stage);
    const kept = locate(keeps, { plan: this.plan, site: this.#site });
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
