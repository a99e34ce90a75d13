import { createHash } from "node:crypto";
import { partsOf, type Part, type Place } from "../command.ts";
import { Failure } from "../failure.ts";
import { placesIn, toolsIn } from "./places.ts";
import { placeKey, type Artefact, type Facts, type Plan, type PlannedStage, type Stage, type Step } from "./stage.ts";

/** Give each stage the key of everything that can change its output. Stages come in an order in which they can be built. */
export function seal(recipe: string, stages: readonly Stage[], artefacts: readonly Artefact[], facts: Facts): Plan {
  const keys = new Map<string, string>();
  const planned = stages.map((stage): PlannedStage => {
    const ingredients = ingredientsOf(stage, keys, facts);
    const key = digest(ingredients);
    keys.set(stage.name, key);
    return { ...stage, key, ingredients };
  });
  return { recipe, stages: planned, artefacts };
}

export const digest = (value: unknown): string => createHash("sha256").update(JSON.stringify(value)).digest("hex");

/** A UUID that means the same on every machine (RFC 4122, version 5, in a namespace of our own). */
export function uuidOf(name: string): string {
  const hash = createHash("sha1").update("livewright.uuid5.").update(name).digest();
  hash[6] = ((hash[6] ?? 0) & 0x0f) | 0x50;
  hash[8] = ((hash[8] ?? 0) & 0x3f) | 0x80;
  const hex = hash.toString("hex").slice(0, 32);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, "$1-$2-$3-$4-$5");
}

function ingredientsOf(stage: Stage, keys: ReadonlyMap<string, string>, facts: Facts): Record<string, string> {
  const named = placesIn(stage).flatMap((place): [string, string][] => {
    const found = identify(place, keys, facts);
    return found === undefined ? [] : [found];
  });
  const tools = toolsIn(stage).map((tool): [string, string] => [
    `tool ${tool}`,
    facts.versions[tool] ?? unknown(`tool ${tool}`),
  ]);
  const steps = stage.steps.map((step, at): [string, string] => [
    `step ${String(at + 1)}, ${wordsOf(step)}`,
    digest(step),
  ]);
  return Object.fromEntries([
    ["stage", stage.name] as const,
    ["revision", String(stage.revision)] as const,
    ...steps,
    ...sorted(named),
    ...sorted(tools),
  ]);
}

const sorted = (pairs: readonly [string, string][]): readonly [string, string][] =>
  [...pairs].sort(([a], [b]) => (a < b ? -1 : a > b ? 1 : 0));

/** A step in words that tell it from the others of its stage. */
function wordsOf(step: Step): string {
  if (step.do === "run")
    return ["run", step.command.tool, ...step.command.args.flatMap(partsOf).flatMap(pathOf).slice(0, 1)].join(" ");
  return "to" in step ? `${step.do} ${pathOf(step.to).join("")}` : step.do;
}

const pathOf = (part: Part): readonly string[] => (typeof part !== "string" && "path" in part ? [part.path] : []);

/** What a place is, as opposed to where: only this enters a key. */
function identify(place: Place, keys: ReadonlyMap<string, string>, facts: Facts): [string, string] | undefined {
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
      return [`stage ${place.stage}`, keys.get(place.stage) ?? unknown(`stage ${place.stage}`)];
  }
}

function unknown(what: string): never {
  throw new Failure("bug", `the plan reads ${what} before anything provides it`);
}
