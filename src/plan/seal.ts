import type { Place } from "../command.ts";
import { Failure } from "../failure.ts";
import { digest } from "./digest.ts";
import { placesIn, toolsIn } from "./places.ts";
import { wordsOf } from "./words.ts";
import { stageName, viewName, withoutView } from "./views.ts";
import { placeKey, type Facts } from "./facts.ts";
import type { Artefact, Plan, PlannedStage, Stage } from "./stage.ts";

/**
 * Give each stage the key of everything that can change its output. Stages come in an order in which they can be built.
 * Those that view another's content, and all that stand on them, get theirs from `settle` once that content is known.
 */
export function seal(recipe: string, stages: readonly Stage[], artefacts: readonly Artefact[], facts: Facts): Plan {
  const keys: Keys = new Map();
  const planned = stages.map((stage): PlannedStage => {
    const { ingredients, awaits } = ingredientsOf(stage, keys, facts);
    const key = awaits.length === 0 ? digest(ingredients) : undefined;
    keys.set(stage.name, key);
    return key === undefined ? { ...stage, ingredients, awaits } : { ...stage, key, ingredients };
  });
  return { recipe, stages: planned, artefacts };
}

/** Keys of the stages before this one; those of which nothing but the name is known yet are undefined. */
type Keys = Map<string, string | undefined>;

function ingredientsOf(
  stage: Stage,
  keys: Keys,
  facts: Facts,
): { readonly ingredients: Record<string, string>; readonly awaits: readonly string[] } {
  const steps = stage.view === undefined ? stage.steps : withoutView(stage.steps, stage.view);
  const named = placesIn({ ...stage, steps }).flatMap((place) => {
    const found = identify(place, keys, facts);
    return found === undefined ? [] : [found];
  });
  const awaited = named.flatMap(([name, value]) => (value === undefined ? [name] : []));
  const tools = toolsIn(stage).map((tool): [string, string] => [
    `tool ${tool}`,
    facts.versions[tool] ?? unknown(`tool ${tool}`),
  ]);
  const told = steps.map((step, at): [string, string] => [`step ${String(at + 1)}, ${wordsOf(step)}`, digest(step)]);
  const ingredients = Object.fromEntries([
    ["stage", stage.name] as const,
    ["revision", String(stage.revision)] as const,
    ...told,
    ...sorted(named.flatMap(([name, value]): [string, string][] => (value === undefined ? [] : [[name, value]]))),
    ...sorted(tools),
  ]);
  const view = stage.view === undefined ? [] : [viewName];
  return { ingredients, awaits: [...view, ...[...new Set(awaited)].sort()] };
}

const sorted = (pairs: readonly [string, string][]): readonly [string, string][] =>
  [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** What a place is, as opposed to where: only this enters a key. */
function identify(place: Place, keys: Keys, facts: Facts): readonly [string, string | undefined] | undefined {
  switch (place.at) {
    case "output":
    case "scratch":
      return undefined;
    case "source":
      return [`source ${placeKey(place)}`, facts.digests[placeKey(place)] ?? unknown(placeKey(place))];
    case "secret":
      return [`secret ${place.name}`, facts.digests[`secret:${place.name}`] ?? unknown(`secret ${place.name}`)];
    case "archive": {
      const release = facts.archive.releases.find(({ role }) => role === place.role);
      return [`archive ${place.role}`, release?.digest ?? unknown(`archive ${place.role}`)];
    }
    case "stage":
      if (!keys.has(place.stage)) return unknown(`stage ${place.stage}`);
      return [stageName(place.stage), keys.get(place.stage)];
  }
}

function unknown(what: string): never {
  throw new Failure("bug", `the plan reads ${what} before anything provides it`);
}
