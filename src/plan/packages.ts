import { archive, scratch, type Place } from "../command.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { buildSources, keyName, ownKeys } from "./sources.ts";
import type { ArchiveFacts, Sandbox, Step } from "./stage.ts";

/** Keys beside the sources, as a sandboxed program sees them. */
export const sandboxKeys = "/mnt/scratch/keys";
/** The same, as apt sees them inside a root that `hooks/customize` works on. */
export const rootKeys = "/run/livewright-keys";

/** What a stage that installs packages depends on: the archives' signed state. */
export const archivesReached = ({ releases }: ArchiveFacts): readonly Place[] =>
  releases.map(({ role }) => archive(role));

/** Lay the build's apt sources and the keys they name beside a stage's work. */
export const writeSources = (recipe: Recipe, facts: ArchiveFacts, keys: string): readonly Step[] => [
  ...ownKeys(recipe).map(({ role, key }): Step => ({
    do: "copy",
    from: key,
    to: scratch(`keys/${keyName(role, key)}`),
  })),
  { do: "write", text: buildSources(recipe, facts, keys), to: scratch("build.sources") },
];

/**
 * A sandbox whose programs may fetch from the archive. What a layer's scripts write down is the name that the booted system
 * has; everything else is the same whatever that is.
 */
export const fetching = (recipe: Recipe, lowers: readonly Place[], upper?: Place): Sandbox => ({
  lowers,
  hostname: upper === undefined ? "livewright" : recipe.hostname,
  network: true,
  ...(upper === undefined ? {} : { upper }),
});

export const offline = (recipe: Recipe, lowers: readonly Place[], upper?: Place): Sandbox => ({
  ...fetching(recipe, lowers, upper),
  network: false,
});
