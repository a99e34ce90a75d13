import { digest } from "./digest.ts";
import type { Plan, PlannedStage, Step, View } from "./stage.ts";

/** The ingredient that stands for a finished stage. */
export const stageName = (stage: string): string => `stage ${stage}`;

/** The ingredient that stands for a view: it is one of the tree that ends with the topmost layer. */
export const viewName = ({ layers }: View): string => `view of ${layers.at(-1) ?? "nothing"}`;

/**
 * Steps as they count when a view stands for the layers: which layers there are, and what they are called, then changes
 * nothing that the view does not show.
 */
export const withoutView = (steps: readonly Step[], { layers }: View): readonly Step[] =>
  steps.map((step) => {
    if (step.do !== "run" || step.in === undefined) return step;
    const lowers = step.in.lowers.filter((place) => !(place.at === "stage" && layers.includes(place.stage)));
    return { ...step, in: { ...step.in, lowers } };
  });

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
    const value =
      stage.view !== undefined && what === viewName(stage.view) ? view : keys.get(what.slice("stage ".length));
    return value === undefined ? [] : [[what, value]];
  });
  if (known.length < awaits.length) return stage;
  const ingredients = { ...stage.ingredients, ...Object.fromEntries(known) };
  return { ...rest, key: digest(ingredients), ingredients };
}
