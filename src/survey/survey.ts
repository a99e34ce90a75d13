import type { Lock } from "../archive/lock.ts";
import type { SourcePlace } from "../command.ts";
import type { Facts } from "../plan/stage.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { surveyArchive } from "./archive.ts";
import { HostApt } from "./apt.ts";
import { digestSources, type Roots } from "./digest.ts";
import { hookCommits } from "./hooks.ts";
import { Memory } from "../system/memory.ts";
import { toolVersions } from "./versions.ts";

export interface SurveyWish {
  readonly recipe: Recipe;
  /** Sources that the plan names. */
  readonly places: readonly SourcePlace[];
  /** Tools that the plan runs on the host. */
  readonly tools: readonly string[];
  readonly roots: Roots;
  /** Used instead of the recipe's build mirror. */
  readonly mirror?: string | undefined;
  /** The state of the archives to use instead of their present one. */
  readonly lock?: Lock | undefined;
  readonly offline: boolean;
  readonly cache: string;
  readonly signal: AbortSignal;
  readonly warn?: (text: string) => void;
}

/** Ask the host and the archive for all that planning must know. Faults of this host come before the network is used. */
export async function survey(wish: SurveyWish): Promise<Facts> {
  const { recipe, roots, signal, warn = () => undefined } = wish;
  const memory = new Memory(wish.cache);
  const apt = new HostApt(signal);
  if (!wish.offline) apt.prepare();
  const [digests, versions, hooks] = await Promise.all([
    digestSources(wish.places, roots, signal),
    toolVersions(wish.tools, { signal, memory }),
    hookCommits(hooksOf(wish), roots, { signal, memory }),
  ]);
  for (const [name, { dirty }] of Object.entries(hooks)) if (dirty) warn(`${name} was changed since its last commit`);
  const { mirror, lock, offline, cache } = wish;
  const archive = await surveyArchive({ apt, recipe, roots, mirror, lock, offline, cache, warn, signal });
  return { digests, versions, archive, hooks };
}

/** The recipe's hooks and the program's own; each is code that ran on the image. */
function hooksOf({ recipe, places }: SurveyWish): readonly SourcePlace[] {
  const shipped = places.filter(({ root, path }) => root === "program" && path.startsWith("hooks/"));
  return [...recipe.layers.flatMap(({ hooks }) => hooks), ...recipe.mediumHooks, ...shipped];
}
