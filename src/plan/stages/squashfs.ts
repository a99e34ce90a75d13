import { from, output } from "../../command.ts";
import { moduleFiles } from "../../recipe/modules.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { layerNames, layerStage } from "../layers.ts";
import type { Stage } from "../stage.ts";
import { packedWeight, treeWeight, weightOf, weightOfAll } from "../weight.ts";

/** A squashfs of the medium: its name there, and the stage that makes it. */
export interface Module {
  readonly file: string;
  readonly stage: string;
}

/** What is in a module: a layer, or all of them joined. */
interface Content {
  readonly stage: string;
  readonly bytes: number;
  /** With it the tree is whole. */
  readonly top: boolean;
}

/** The medium's squashfs modules, lowest first. */
export function modulesOf(recipe: Recipe): readonly Module[] {
  if (recipe.squashfs.modules === "single") return [{ file: "filesystem.squashfs", stage: "squashfs" }];
  const layers = layerNames(recipe);
  return moduleFiles(layers).map((file, at) => ({ file, stage: `squashfs-${layers[at] ?? ""}` }));
}

/** The image of a module, in the stage that makes it. */
export const imageOf = ({ stage }: Module): ReturnType<typeof from> => from(stage, "layer.squashfs");

/** The digests of that image. */
export const digestsOf = ({ stage }: Module): ReturnType<typeof from> => from(stage, "digests");

/** The stages that make the medium's modules. */
export function squashfs(recipe: Recipe): readonly Stage[] {
  const modules = modulesOf(recipe);
  if (recipe.squashfs.modules === "layers")
    return layerNames(recipe).map((layer, at) =>
      packed(recipe, modules[at]?.stage ?? "", {
        stage: layerStage(layer),
        bytes: packedWeight(weightOf(recipe, layer)),
        top: at === modules.length - 1,
      }),
    );
  return [
    joined(recipe),
    ...modules.map(({ stage }) =>
      packed(recipe, stage, { stage: "joined", bytes: packedWeight(weightOfAll(recipe)), top: true }),
    ),
  ];
}

/**
 * A squashfs, read back whole before it is believed. It is made of a sealed tar, which is there whatever becomes of it. That of
 * the last layer, or of all, waits for the raw copy of the whole tree; those below are made while further layers install,
 * and if one of them fails the raw copy is completed then.
 */
const packed = ({ squashfs }: Recipe, name: string, { stage, bytes, top }: Content): Stage => ({
  name,
  revision: 1,
  ...(top ? { after: ["raw"] } : {}),
  keeps: from("disk", "disk.img"),
  bytes,
  steps: [
    {
      do: "squash",
      squash: { tar: from(stage, "layer.tar"), image: output("layer.squashfs"), ...squashfs },
      manifest: from(stage, "manifest"),
    },
    {
      do: "verify-squashfs",
      image: output("layer.squashfs"),
      manifest: from(stage, "manifest"),
      digests: output("digests"),
    },
  ],
});

/** The layers as one tree, without what they hide of each other. */
const joined = (recipe: Recipe): Stage => ({
  name: "joined",
  revision: 1,
  passing: true,
  bytes: treeWeight(weightOfAll(recipe)),
  steps: [
    {
      do: "join-layers",
      layers: layerNames(recipe).map((layer) => from(layerStage(layer), "layer.tar")),
      tar: output("layer.tar"),
      manifest: output("manifest"),
    },
  ],
});
