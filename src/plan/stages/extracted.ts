import { from, output, scratch, type Arg } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { libraryHook } from "../../tools/hook.ts";
import { layerStage } from "../layers.ts";
import { archivesReached, installing, offline, rootArchive, writeSources } from "../packages.ts";
import type { Facts } from "../facts.ts";
import { rootPath, run, type Stage } from "../stage.ts";
import { aptIn } from "./apt.ts";

/** Packages unpacked, not installed, over the base layer, and what the hook of the stage's name takes out of them. */
export function extracted(
  recipe: Recipe,
  facts: Facts,
  name: string,
  packages: readonly string[],
  told: Readonly<Record<string, Arg>> = {},
): Stage {
  const below = [from(layerStage("base"), "tree")];
  const wishes = { LIVEWRIGHT_PACKAGES: packages.join(" "), LIVEWRIGHT_RECOMMENDS: "false" };
  return {
    name,
    revision: 1,
    reaches: archivesReached(facts.archive),
    bytes: 150e6,
    steps: [
      ...writeSources(recipe, facts.archive, rootArchive),
      run(libraryHook("resolve", rootPath, { ...aptIn(recipe), ...wishes, LIVEWRIGHT_OUT: output(".") }), {
        in: installing(recipe, below),
        meter: "apt",
      }),
      { do: "fetch", wanted: output("wanted"), to: scratch("packages") },
      run(
        libraryHook(name, rootPath, {
          LIVEWRIGHT_UNPACK: scratch("packages"),
          LIVEWRIGHT_OUT: output("files"),
          ...told,
        }),
        {
          in: offline(recipe, below),
          meter: "apt",
        },
      ),
    ],
  };
}
