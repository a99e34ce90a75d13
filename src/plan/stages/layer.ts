import { output, scratch, spaced, type Arg } from "../../command.ts";
import type { Layer, Recipe } from "../../recipe/recipe.ts";
import { libraryHook } from "../../tools/hook.ts";
import { cleaned, layerStage, sealed, treesBelow } from "../layers.ts";
import {
  archivesReached,
  installing,
  offline,
  online,
  rootArchive,
  writeNetworkSources,
  writeSources,
} from "../packages.ts";
import type { Facts } from "../facts.ts";
import { weightOf } from "../weight.ts";
import { rootPath, run, type Stage, type Step } from "../stage.ts";
import { aptIn, keysOf } from "./apt.ts";

/**
 * One layer over those below: tasks and packages with Recommends, files laid over, hooks run (seed 004, points 5 to 18).
 * Packages are named by the image's own apt, fetched by the builder, and installed without a network.
 */
export function layer(recipe: Recipe, wish: Layer, { archive }: Facts): Stage {
  const below = treesBelow(recipe, wish.name);
  const packages = [...wish.tasks, ...wish.packages];
  const installs = packages.length > 0;
  const room = (installs ? installing : offline)(recipe, below, output("tree"));
  const resolved: readonly Step[] = [
    ...writeSources(recipe, archive, rootArchive),
    run(
      libraryHook("resolve", rootPath, {
        ...aptIn(recipe),
        LIVEWRIGHT_PACKAGES: packages.join(" "),
        LIVEWRIGHT_OUT: output("."),
      }),
      {
        in: installing(recipe, below),
        meter: "apt",
      },
    ),
    { do: "fetch", wanted: output("wanted") },
  ];
  return {
    name: layerStage(wish.name),
    revision: 1,
    ...(installs ? { reaches: archivesReached(archive) } : {}),
    bytes: weightOf(recipe, wish.name),
    steps: [
      ...(installs ? resolved : []),
      run(libraryHook("customize", rootPath, wishes(recipe, wish.network ? { ...wish, hooks: [] } : wish)), {
        in: room,
        meter: "apt",
      }),
      ...(wish.network ? hooksOnline(recipe, wish, archive) : []),
      run(cleaned, { in: offline(recipe, below, output("tree")) }),
      sealed(archive.epoch),
    ],
  };
}

/** Hooks that may use the network come when all is done that may not. */
const hooksOnline = (recipe: Recipe, { name, hooks }: Layer, archive: Facts["archive"]): readonly Step[] => [
  ...writeNetworkSources(recipe, archive),
  run(
    libraryHook("customize", rootPath, {
      LIVEWRIGHT_HOOKS: spaced(hooks),
      LIVEWRIGHT_NETWORK_SOURCES: scratch("network.sources"),
      ...keysOf(recipe),
    }),
    { in: online(offline(recipe, treesBelow(recipe, name), output("tree"))) },
  ),
];

const wishes = (recipe: Recipe, { preHooks, tasks, packages, files, hooks }: Layer): Readonly<Record<string, Arg>> => ({
  ...(tasks.length + packages.length > 0 ? aptIn(recipe) : {}),
  LIVEWRIGHT_PACKAGES: [...tasks, ...packages].join(" "),
  ...(preHooks.length === 0 ? {} : { LIVEWRIGHT_PRE_HOOKS: spaced(preHooks) }),
  LIVEWRIGHT_HOOKS: spaced(hooks),
  ...(files === undefined ? {} : { LIVEWRIGHT_FILES: files }),
});
