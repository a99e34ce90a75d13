import { readsOf } from "../plan/places.ts";
import type { Plan } from "../plan/stage.ts";
import { settle } from "../plan/views.ts";
import { together } from "../system/together.ts";
import { attend } from "./attendance.ts";
import type { Cache } from "./cache.ts";
import { locate } from "./locate.ts";
import type { Site } from "./site.ts";
import { isViewer, knownView } from "./view/viewed.ts";
import { Passing } from "./passing.ts";
import { Walk } from "./walk.ts";

/** A finished artefact: where it lies in the cache and what it is to be called. */
export interface Made {
  readonly path: string;
  readonly name: string;
}

/**
 * Carry a plan out: only stages that an artefact needs and the cache lacks, as many at a time as the site allows. When one
 * fails, the others are stopped and the first failure is told. What is made stays in the cache for as long as it is put to use:
 * a build that has returned counts as running no more.
 */
export async function build(plan: Plan, site: Site): Promise<readonly Made[]>;
export async function build<Used>(plan: Plan, site: Site, use: (made: readonly Made[]) => Promise<Used>): Promise<Used>;
export async function build(
  plan: Plan,
  site: Site,
  use: (made: readonly Made[]) => unknown = (made) => made,
): Promise<unknown> {
  await using _running = await attend(site.cache, site.signal);
  await site.archive.use();
  await site.cache.sweep(site.signal);
  const wanted = plan.artefacts.flatMap(({ place }) => (place.at === "stage" ? [place.stage] : []));
  const passing = new Passing(plan, wanted, site);
  const walk = new Walk(await settleKnown(plan, site.cache), site, passing);
  try {
    await walk.all([...new Set(wanted)]);
    const made = plan.artefacts.map(({ place, name }) => ({ path: locate(place, { plan: walk.plan, site }), name }));
    const [used] = await together([use(made), passing.over()]);
    await site.cache.landing.over(site.cache, site.signal);
    return used;
  } catch (error) {
    await passing.over();
    await site.cache.landing.over(site.cache, site.signal).catch(() => undefined); // What went wrong first is told.
    throw error;
  }
}

/** The plan with the keys of all views that can be told before anything is made. */
export async function settleKnown(plan: Plan, cache: Cache): Promise<Plan> {
  let settled = plan;
  for (const stage of plan.stages) {
    const view = isViewer(stage) ? await knownView(stage, { plan: settled, cache }) : undefined;
    if (view !== undefined) settled = settle(settled, stage.name, view);
  }
  return settled;
}

/** Names of the stages that artefacts need and the cache lacks: what `build` would do. */
export async function staleStages(plan: Plan, has: (key: string) => Promise<boolean>): Promise<ReadonlySet<string>> {
  const stale = new Set<string>();
  const visit = async (name: string): Promise<void> => {
    const stage = plan.stages.find((each) => each.name === name);
    if (stage === undefined || stale.has(name) || (stage.key !== undefined && (await has(stage.key)))) return;
    stale.add(name);
    for (const below of [...readsOf(stage), ...(stage.after ?? [])]) await visit(below);
  };
  for (const { place } of plan.artefacts) if (place.at === "stage") await visit(place.stage);
  return stale;
}
