import { Failure } from "../failure.ts";
import type { Event } from "../events.ts";
import type { Plan } from "../plan/stage.ts";
import { begunEarly } from "../plan/views.ts";
import { make } from "./making.ts";
import type { Site } from "./site.ts";
import type { Turn } from "./turns.ts";
import { knownView, sharedKey, viewedTree, type Standing, type Viewer } from "./view/viewed.ts";

/** What an early start needs of the walk that it is part of. */
interface Way {
  readonly site: Site;
  /** The plan, once these stages are finished. */
  readonly plan: (stages: readonly string[]) => Promise<Plan>;
  readonly turn: () => Promise<Turn>;
}

/**
 * A stage with a view, begun on the lower layers while those above are still being made. If they change nothing of what it
 * views, its output is found again as any other would be. If they do, it was work for nothing: a change in the paths that the
 * view declares stops it, once all layers are there; any other shows only when it has ended. Whatever befalls it, the stage itself can still be made on the whole tree, so its failures are not told.
 */
export class Early implements AsyncDisposable {
  readonly #whole: Viewer;
  readonly #stop = new AbortController();
  readonly #over: Promise<void>;
  #shared: string | undefined;
  #view: string | undefined;

  private constructor(whole: Viewer, lower: Viewer, way: Way) {
    this.#whole = whole;
    this.#over = this.#make(lower, way).catch((error: unknown) => {
      if (!(error instanceof Failure) && !this.#stop.signal.aborted && !way.site.signal.aborted) throw error;
    });
    this.#over.catch(() => undefined); // Whoever waits for it is told; nobody may.
  }

  /** Nothing if there is no layer that it could begin on before the topmost. */
  static begin(stage: Viewer, way: Way): Early | undefined {
    const lower = begunEarly(stage);
    return lower === undefined ? undefined : new Early(stage, lower, way);
  }

  /** The digest of what was viewed, when it was finished. */
  get view(): string | undefined {
    return this.#view;
  }

  /** All layers are there: wait for the end if it can still be of use. */
  async joins(standing: Standing): Promise<void> {
    const tree = this.#shared === undefined ? undefined : await viewedTree(this.#whole, standing);
    if (tree !== undefined && sharedKey(this.#whole, tree) === this.#shared) await this.#over;
    else this.#stop.abort();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    if (this.#shared !== undefined) await this.#over;
  }

  async #make(lower: Viewer, { site, plan, turn }: Way): Promise<void> {
    const standing = { plan: await plan(lower.view.layers), cache: site.cache };
    // Asked for before anything is looked up: those with whom it must compete ask now.
    await using taken = await turn();
    if ((await knownView(lower, standing)) !== undefined) return;
    const tree = this.#stop.signal.aborted ? undefined : await viewedTree(lower, standing);
    if (tree === undefined) return;
    this.#shared = sharedKey(lower, tree);
    const signal = AbortSignal.any([site.signal, this.#stop.signal]);
    const report = (event: Event): void => {
      const inVain = event.kind === "stage-failed" && !site.signal.aborted;
      site.report(inVain ? { kind: "stage-dropped", stage: lower.name } : event);
    };
    const own = { signal, report, keepFailed: false, givesWay: taken.givesWay };
    this.#view = await make(lower, { plan: standing.plan, site: { ...site, ...own } });
  }
}
