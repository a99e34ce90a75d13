import { from, output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { mksquashfs } from "../../tools/mksquashfs.ts";
import { layerStage } from "../layers.ts";
import { run, type Stage } from "../stage.ts";

export const squashfsStage = (layer: string): string => `squashfs-${layer}`;

/** One layer as a squashfs module, read back whole before it is believed. The raw copy of the tree comes first. */
export const squashfs = (recipe: Recipe, layer: string): Stage => ({
  name: squashfsStage(layer),
  revision: 1,
  after: ["raw"],
  keeps: from("disk", "disk.img"),
  bytes: 200e6,
  steps: [
    run(mksquashfs({ tar: from(layerStage(layer), "layer.tar"), image: output("layer.squashfs"), ...recipe.squashfs })),
    {
      do: "verify-squashfs",
      image: output("layer.squashfs"),
      manifest: from(layerStage(layer), "manifest"),
    },
  ],
});
