import { archive, from, scratch, type Place } from "../command.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { buildSources, keyName, networkSources, ownKeys, type Whence } from "./sources.ts";
import type { ArchiveFacts } from "./facts.ts";
import type { Sandbox, Step } from "./stage.ts";

/** The frozen archive and the keys beside the sources, as a sandboxed program sees them. */
export const sandboxArchive: Whence = { archive: "copy:/mnt/archive", keys: "/mnt/scratch/keys" };
/** The same, as apt sees them inside a root that `hooks/customize` works on. */
export const rootArchive: Whence = { archive: "file:/run/livewright-archive", keys: "/run/livewright-keys" };

/** What a stage that installs packages depends on: the archives' signed state. */
export const archivesReached = ({ releases }: ArchiveFacts): readonly Place[] =>
  releases.map(({ role }) => archive(role));

/** apt's view of the frozen archive's indices. */
export const lists = (): Place => from("archive", "lists");

/** Have the frozen archive there, and lay apt sources that name it, with the keys they name, beside a stage's work. */
export const writeSources = (recipe: Recipe, facts: ArchiveFacts, whence: Whence): readonly Step[] => [
  { do: "freeze" },
  ...copyKeys(recipe),
  { do: "write", text: buildSources(recipe, facts, whence), to: scratch("build.sources") },
];

/** The same for the archives themselves, where a step may use the network. */
export const writeNetworkSources = (recipe: Recipe, facts: ArchiveFacts): readonly Step[] => [
  ...copyKeys(recipe),
  { do: "write", text: networkSources(recipe, facts, rootArchive), to: scratch("network.sources") },
];

const copyKeys = (recipe: Recipe): readonly Step[] =>
  ownKeys(recipe).map(({ role, key }) => ({ do: "copy", from: key, to: scratch(`keys/${keyName(role, key)}`) }));

/** A sandbox whose programs install from the frozen archive. */
export const installing = (recipe: Recipe, lowers: readonly Place[], upper?: Place): Sandbox => ({
  ...offline(recipe, lowers, upper),
  archive: true,
});

/** A sandbox whose programs reach the network: what they fetch is not the same every time. */
export const online = (sandbox: Sandbox): Sandbox => ({ ...sandbox, network: true });

/**
 * A sandbox on its own. What a layer's scripts write down is the name that the booted system has; everything else is the
 * same whatever that is.
 */
export const offline = (recipe: Recipe, lowers: readonly Place[], upper?: Place): Sandbox => ({
  lowers,
  hostname: upper === undefined ? "livewright" : recipe.hostname,
  network: false,
  ...(upper === undefined ? {} : { upper }),
});
