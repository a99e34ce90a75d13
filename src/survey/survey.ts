import type { SourcePlace } from "../command.ts";
import type { Facts } from "../plan/facts.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { Memory } from "../system/memory.ts";
import { digestSources, type Roots } from "./digest.ts";
import { hookCommits } from "./hooks.ts";
import { toolVersions } from "./versions.ts";

export interface HostWish {
  readonly recipe: Recipe;
  /** Sources that the plan names. */
  readonly places: readonly SourcePlace[];
  /** Tools that the plan runs on the host. */
  readonly tools: readonly string[];
  readonly roots: Roots;
  /** The cache's folder, where answers are kept. */
  readonly cache?: string;
  readonly signal: AbortSignal;
  readonly warn?: (text: string) => void;
}

/** Ask the host for all that planning must know of it. Its faults come before the network is used. */
export async function surveyHost(wish: HostWish): Promise<HostFacts> {
  const { roots, signal, warn = () => undefined } = wish;
  const memory = new Memory(wish.cache);
  const [digests, versions, hooks] = await Promise.all([
    digestSources(wish.places, roots, signal),
    toolVersions(wish.tools, { signal, memory }),
    hookCommits(hooksOf(wish), roots, { signal, memory }),
  ]);
  for (const [name, { dirty }] of Object.entries(hooks)) if (dirty) warn(`${name} was changed since its last commit`);
  return { digests, versions, hooks };
}

/** All that planning must know but the archives' state. */
export type HostFacts = Omit<Facts, "archive">;

/** The recipe's hooks and the program's own; each is code that ran on the image. */
function hooksOf({ recipe, places }: HostWish): readonly SourcePlace[] {
  const shipped = places.filter(({ root, path }) => root === "program" && path.startsWith("hooks/"));
  return [
    ...recipe.layers.flatMap(({ preHooks, hooks }) => [...preHooks, ...hooks]),
    ...recipe.mediumHooks,
    ...shipped,
  ];
}
