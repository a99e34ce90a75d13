import { setMaxListeners } from "node:events";
import { Failure } from "../failure.ts";
import { readsOf } from "../plan/places.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import { settle } from "../plan/views.ts";
import { exists } from "../system/files.ts";
import { run } from "../system/process.ts";
import { together } from "../system/together.ts";
import { Early } from "./early.ts";
import { locate } from "./locate.ts";
import { make, position } from "./making.ts";
import type { Site } from "./site.ts";
import type { Passing } from "./passing.ts";
import { Turns } from "./turns.ts";
import { isViewer, knownView } from "./view/viewed.ts";

/** One walk over a plan's graph. Each stage is asked for at most once; asking again gives the same promise. */
export class Walk {
  /** Its keys become known as the walk goes on. */
  plan: Plan;
  readonly #site: Site;
  readonly #passing: Passing;
  readonly #asked = new Map<string, Promise<void>>();
  readonly #turns: Turns;
  readonly #stop = new AbortController();
  readonly #signal: AbortSignal;

  constructor(plan: Plan, site: Site, passing: Passing) {
    this.plan = plan;
    this.#passing = passing;
    this.#turns = new Turns(site.jobs);
    this.#signal = AbortSignal.any([site.signal, this.#stop.signal]);
    setMaxListeners(0, this.#signal);
    this.#site = { ...site, signal: this.#signal };
  }

  async all(names: readonly string[]): Promise<void> {
    try {
      await together(names.map((name) => this.#ask(name)));
    } catch (error) {
      throw this.#stop.signal.aborted ? this.#stop.signal.reason : error;
    }
  }

  #ask(name: string): Promise<void> {
    const asked = this.#asked.get(name) ?? this.#finished(name);
    this.#asked.set(name, asked);
    return asked;
  }

  async #finished(name: string): Promise<void> {
    await this.#make(name);
    this.#passing.finished(name, this.plan);
  }

  async #below(stage: PlannedStage): Promise<void> {
    await Promise.all(neededBy(stage).map((name) => this.#ask(name)));
  }

  #stage(name: string): PlannedStage {
    const stage = this.plan.stages.find((each) => each.name === name);
    if (stage === undefined) throw new Failure("bug", `no stage is called ${name}`);
    return stage;
  }

  async #make(name: string): Promise<void> {
    try {
      const begun = this.#stage(name).awaits === undefined ? undefined : await this.#settled(name);
      if (begun === "made" || (await this.#reused(this.#stage(name)))) return;
      const stage = this.#stage(name);
      await this.#below(stage);
      await this.#made(stage);
    } catch (error) {
      if (!this.#signal.aborted) this.#stop.abort(error);
      throw error;
    }
  }

  async #made(stage: PlannedStage): Promise<void> {
    try {
      await using turn = await this.#turns.take(this.#weighed(stage.name));
      this.#signal.throwIfAborted();
      const view = await make(stage, { plan: this.plan, site: { ...this.#site, givesWay: turn.givesWay } });
      if (view !== undefined) this.plan = settle(this.plan, stage.name, view);
    } catch (error) {
      throw await this.#salvage(stage, error);
    }
  }

  /**
   * Go as far as it takes to know a stage's key: these layers have never been viewed, so all that reads them is made anew, and
   * nothing that the stage reads is asked for in vain. What views them may itself be made by then.
   */
  async #settled(name: string): Promise<"made" | undefined> {
    await using early = this.#begunEarly(name);
    await this.#below(this.#stage(name));
    const stage = this.#stage(name);
    if (!isViewer(stage)) return undefined;
    await early?.joins({ plan: this.plan, cache: this.#site.cache });
    const known = await knownView(stage, { plan: this.plan, cache: this.#site.cache });
    if (known === undefined) return undefined;
    this.plan = settle(this.plan, name, known);
    return known === early?.view ? "made" : undefined;
  }

  /** With a core to spare, a stage with a view need not wait for layers that will hardly change it. */
  #begunEarly(name: string): Early | undefined {
    const stage = this.#stage(name);
    if (!isViewer(stage) || this.#site.jobs === 1) return undefined;
    return Early.begin(stage, {
      site: this.#site,
      plan: async (layers) => {
        await Promise.all(layers.map((each) => this.#ask(each)));
        return this.plan;
      },
      turn: () => this.#turns.take(this.#weighed(name)),
    });
  }

  /** The more stages wait for one, directly or not, the sooner it should have its turn; of equals the plan's first. */
  #weighed(name: string): { readonly weight: number; readonly place: number } {
    const waiting = new Set([name]);
    for (const stage of this.plan.stages)
      if (neededBy(stage).some((below) => waiting.has(below))) waiting.add(stage.name);
    return { weight: waiting.size - 1, place: this.plan.stages.findIndex((stage) => stage.name === name) };
  }

  async #reused({ name, key }: PlannedStage): Promise<boolean> {
    const { cache, report, log, signal } = this.#site;
    if (key === undefined) return false;
    await cache.use(key);
    if (await cache.has(key)) {
      log(name, `reused, ${key}`);
      report({ kind: "stage-reused", stage: name, ...position(this.plan, name) });
      return true;
    }
    if (!(await exists(cache.object(key)))) return false;
    const [fault = "it is not whole"] = await cache.faults(key);
    report({ kind: "warning", text: `the finished ${name} in the cache is damaged and is made again: ${fault}` });
    await cache.dropDamaged(key, signal);
    return await cache.has(key);
  }

  /** What a failed stage can be made from again is completed before anything else is stopped, and its place is told. */
  async #salvage({ keeps }: PlannedStage, error: unknown): Promise<unknown> {
    if (keeps?.at !== "stage" || !(error instanceof Failure) || this.#signal.aborted) return error;
    await this.#ask(keeps.stage);
    const kept = locate(keeps, { plan: this.plan, site: this.#site });
    // Nobody waited for the disk while it was made, but whoever is told of it may start the machine anew.
    await run({ tool: "sync", args: ["--", kept], signal: this.#signal });
    return new Failure(
      error.code === "step-failed" ? "verification-failed" : error.code,
      `${error.message}\nThe raw copy of the root filesystem is kept: ${kept}`,
      { remedy: "look for a full disk or failing memory, then build again", cause: error },
    );
  }
}

/** The stages that must be done before one can be made. */
export const neededBy = (stage: PlannedStage): readonly string[] => [
  ...new Set([...readsOf(stage), ...(stage.view?.layers ?? []), ...(stage.after ?? [])]),
];
