import { output, scratch, shared, spaced, type Arg } from "../../command.ts";
import type { Layer, Recipe } from "../../recipe/recipe.ts";
import { hook, libraryHook } from "../../tools/hook.ts";
import { layerStage, sealed, treesBelow } from "../layers.ts";
import { archivesReached, fetching, offline, rootKeys, writeSources } from "../packages.ts";
import { ownKeys } from "../sources.ts";
import { rootPath, run, type Facts, type Stage } from "../stage.ts";

/** One layer over those below: tasks and packages with Recommends, files laid over, hooks run (seed 004, points 5 to 18). */
export function layer(recipe: Recipe, wish: Layer, { archive }: Facts): Stage {
  const below = treesBelow(recipe, wish.name);
  const installs = wish.tasks.length + wish.packages.length > 0;
  const room = (installs || wish.network ? fetching : offline)(recipe, below, output("tree"));
  return {
    name: layerStage(wish.name),
    revision: 1,
    ...(installs ? { reaches: archivesReached(archive) } : {}),
    bytes: weigh(wish),
    steps: [
      ...writeSources(recipe, archive, rootKeys),
      run(libraryHook("customize", rootPath, wishes(recipe, wish)), { in: room, meter: "apt" }),
      run(hook("clean", rootPath), { in: offline(recipe, below, output("tree")) }),
      sealed(archive.epoch),
    ],
  };
}

const wishes = (recipe: Recipe, { tasks, packages, files, hooks }: Layer): Readonly<Record<string, Arg>> => ({
  LIVEWRIGHT_SOURCES: scratch("build.sources"),
  LIVEWRIGHT_ARCHIVES: shared("packages"),
  LIVEWRIGHT_TASKS: tasks.join(" "),
  LIVEWRIGHT_PACKAGES: packages.join(" "),
  LIVEWRIGHT_HOOKS: spaced(hooks),
  ...(ownKeys(recipe).length > 0 ? { LIVEWRIGHT_KEYS: scratch("keys") } : {}),
  ...(files === undefined ? {} : { LIVEWRIGHT_FILES: files }),
});

/**
 * Bytes a layer takes on disk, as tree and as tar, before apt can say; measured on the shipped recipes, rounded up:
 * essential 1.0 GB and 2.1 GB with firmware, standard's sixty packages 0.4 GB.
 */
const weigh = ({ name, tasks, packages }: Layer): number =>
  150e6 +
  tasks.length * 150e6 +
  packages.length * 8e6 +
  (name === "essential" ? 1000e6 : 0) +
  (packages.some((each) => each.startsWith("firmware-")) ? 1000e6 : 0) +
  (tasks.some((task) => task.endsWith("-desktop")) ? 6e9 : 0);
