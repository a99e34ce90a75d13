import { from, output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { layerNames, layerStage } from "../layers.ts";
import type { Limit, Stage } from "../stage.ts";

/**
 * What the root filesystem weighs, by layer and package; and the proof that its layers show the very tree that was built:
 * a listing of that tree is compared with what stacking the layers' manifests gives.
 */
export const sizes = (recipe: Recipe): Stage => ({
  name: "sizes",
  revision: 2,
  bytes: 20e6,
  steps: [
    {
      do: "weigh",
      layers: layerNames(recipe).map((name) => ({ name, stage: from(layerStage(name), ".") })),
      inventory: from("inventory", "."),
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
