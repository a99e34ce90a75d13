import { digest } from "./digest.ts";
import type { Plan, PlannedStage, Stage, Step, View } from "./stage.ts";

/** The ingredient that stands for a finished stage. */
export const stageName = (stage: string): string => `stage ${stage}`;

/** The ingredient that stands for a view, whatever layers show it. */
export const viewName = "view of the root filesystem";

/**
 * Steps as they count when a view stands for the layers: which layers there are, and what they are called, then changes
 * nothing that the view does not show.
 */
export const withoutView = (steps: readonly Step[], { layers }: Pick<View, "layers">): readonly Step[] =>
  steps.map((step) => {
    if (step.do !== "run" || step.in === undefined) return step;
    const lowers = step.in.lowers.filter((place) => !(place.at === "stage" && layers.includes(place.stage)));
    return { ...step, in: { ...step.in, lowers } };
  });

/**
 * The same stage on the layers up to the lowest that has all it takes: if what it views turns out to be the same in the whole
 * tree, so is its output. Nothing if there is no such layer below the topmost.
 */
export function begunEarly<Viewer extends Stage & { readonly view: View }>(stage: Viewer): Viewer | undefined {
  const { view } = stage;
  const layers = view.layers.slice(0, view.layers.indexOf(view.from ?? "") + 1);
  if (layers.length === 0 || layers.length === view.layers.length) return undefined;
  const above = view.layers.slice(layers.length);
  return { ...stage, view: { ...view, layers }, steps: withoutView(stage.steps, { layers: above }) };
}

/** The plan with the digest of what a stage views, and with all keys that follow from it. */
export function settle(plan: Plan, name: string, view: string): Plan {
  const keys = new Map<string, string>();
  const stages = plan.stages.map((stage): PlannedStage => {
    const settled = settledStage(stage, keys, stage.name === name ? view : undefined);
    if (settled.key !== undefined) keys.set(settled.name, settled.key);
    return settled;
  });
  return { ...plan, stages };
}

function settledStage(stage: PlannedStage, keys: ReadonlyMap<string, string>, view: string | undefined): PlannedStage {
  const { awaits, ...rest } = stage;
  if (awaits === undefined) return stage;
  const known = awaits.flatMap((what): [string, string][] => {
    const value = what === viewName ? view : keys.get(what.slice("stage ".length));
    return value === undefined ? [] : [[what, value]];
  });
  if (known.length < awaits.length) return stage;
  const ingredients = { ...stage.ingredients, ...Object.fromEntries(known) };
  return { ...rest, key: digest(ingredients), ingredients };
}
