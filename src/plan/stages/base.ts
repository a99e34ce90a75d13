import { from, output, scratch } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { mmdebstrap } from "../../tools/mmdebstrap.ts";
import { layerStage, sealed } from "../layers.ts";
import { archivesReached, installing, lists, offline, sandboxArchive, writeSources } from "../packages.ts";
import { imageSources } from "../sources.ts";
import type { Facts } from "../facts.ts";
import { run, type Stage } from "../stage.ts";
import { weightOf } from "../weight.ts";
import { archiveStage, basePackages } from "./archive.ts";

/** The lowest layer: a minimal system, bootstrapped from the frozen archive. */
export function base(recipe: Recipe, facts: Facts): Stage {
  const { archive } = facts;
  const wanted = from(archiveStage, "wanted");
  const bootstrap = mmdebstrap({
    suite: recipe.archive?.suite ?? recipe.suite,
    architecture: recipe.architecture,
    components: recipe.components,
    include: basePackages(recipe, facts),
    lists: lists(),
    index: from(archiveStage, "srcpkgcache.bin"),
    wanted,
    sources: scratch("build.sources"),
    tree: output("tree"),
    ...(recipe.archive === undefined ? {} : { keyring: recipe.archive.keyring }),
  });
  return {
    name: layerStage("base"),
    revision: 1,
    reaches: archivesReached(archive),
    bytes: weightOf(recipe, "base"),
    steps: [
      ...writeSources(recipe, archive, sandboxArchive),
      { do: "fetch", wanted },
      run(bootstrap, { in: installing(recipe, []), meter: "apt" }),
      { do: "write", text: imageSources(recipe, archive), to: scratch("image.sources") },
      run(hook("base", output("tree"), { LIVEWRIGHT_IMAGE_SOURCES: scratch("image.sources") }), {
        in: offline(recipe, []),
      }),
      run(hook("clean", output("tree")), { in: offline(recipe, []) }),
      sealed(archive.epoch),
    ],
  };
}
