import { from, output, scratch } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { allTrees, layerNames, layerStage } from "../layers.ts";
import { offline } from "../packages.ts";
import { rootPath, run, type Limit, type Stage } from "../stage.ts";
import { imageOf, modulesOf } from "./squashfs.ts";

/**
 * What the medium weighs, by layer, module and package; and the proof that its layers show the very tree that was built:
 * a listing of that tree is compared with what stacking the layers' manifests gives.
 */
export const sizes = (recipe: Recipe): Stage => ({
  name: "sizes",
  revision: 1,
  bytes: 20e6,
  steps: [
    run(hook("listing", rootPath, { LIVEWRIGHT_OUT: scratch("listing") }), { in: offline(recipe, allTrees(recipe)) }),
    {
      do: "weigh",
      layers: layerNames(recipe).map((name) => ({ name, stage: from(layerStage(name), ".") })),
      modules: modulesOf(recipe).map((module) => ({ file: module.file, image: imageOf(module) })),
      listing: scratch("listing"),
      packages: from("inventory", "packages"),
      to: output("sizes.json"),
    },
  ],
});

/** What the recipe allows of all that is known once the modules are made. */
export const limitsOf = ({ budget, layers }: Recipe): readonly Limit[] => [
  ...(budget.root === undefined ? [] : [{ of: "root", most: budget.root, key: "budget.root" } as const]),
  ...layers.flatMap(({ name, budget: most }, at): readonly Limit[] =>
    most === undefined ? [] : [{ of: "layer", layer: name, most, key: `layers[${String(at)}].budget` }],
  ),
];
