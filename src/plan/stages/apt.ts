import { from, output, scratch, type Arg } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { libraryHook } from "../../tools/hook.ts";
import { layerStage } from "../layers.ts";
import { archivesReached, installing, lists, rootArchive, writeSources } from "../packages.ts";
import { ownKeys } from "../sources.ts";
import type { Facts } from "../facts.ts";
import { rootPath, run, type Stage } from "../stage.ts";

const indexStage = "index";

/**
 * What the image's apt makes of the archive's lists, once for all layers: sixty thousand packages take it half a second each
 * time. An apt that finds another version's, or other lists than these were, reads them itself.
 */
export const index = (recipe: Recipe, { archive }: Facts): Stage => ({
  name: indexStage,
  revision: 1,
  reaches: archivesReached(archive),
  bytes: 100e6,
  steps: [
    ...writeSources(recipe, archive, rootArchive),
    run(libraryHook("index", rootPath, { ...reading(recipe), LIVEWRIGHT_OUT: output(".") }), {
      in: installing(recipe, [from(layerStage("base"), "tree")]),
    }),
  ],
});

/** What lets the image's apt read the frozen archive. */
export const aptIn = (recipe: Recipe): Readonly<Record<string, Arg>> => ({
  ...reading(recipe),
  LIVEWRIGHT_INDEX: from(indexStage, "srcpkgcache.bin"),
});

const reading = (recipe: Recipe): Readonly<Record<string, Arg>> => ({
  LIVEWRIGHT_SOURCES: scratch("build.sources"),
  LIVEWRIGHT_LISTS: lists(),
  LIVEWRIGHT_APT_CACHE: scratch("apt-cache"),
  ...keysOf(recipe),
});

/** The folder of keyrings that sources name, if they name any. */
export const keysOf = (recipe: Recipe): Readonly<Record<string, Arg>> =>
  ownKeys(recipe).length > 0 ? { LIVEWRIGHT_KEYS: scratch("keys") } : {};
