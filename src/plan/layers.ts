import { from, output, type Place } from "../command.ts";
import { firmwarePackages } from "../recipe/firmware.ts";
import { framed } from "../recipe/modules.ts";
import type { Layer, Recipe } from "../recipe/recipe.ts";
import { hook } from "../tools/hook.ts";
import { rootPath, type Step } from "./stage.ts";

/** The layers of a recipe's root filesystem, lowest first: its own, framed by those every live system has. */
export const layersOf = (recipe: Recipe): readonly Layer[] => [essential(recipe), ...recipe.layers];

/** Names of all layers, lowest first. */
export const layerNames = ({ layers }: Recipe): readonly string[] => framed(layers.map(({ name }) => name));

/** The stage that makes a layer. */
export const layerStage = (layer: string): string => `layer-${layer}`;

/** Working copies of the layers below one, lowest first. */
export const treesBelow = (recipe: Recipe, layer: string): readonly Place[] =>
  layerNames(recipe).slice(0, layerNames(recipe).indexOf(layer)).map(treeOf);

export const allTrees = (recipe: Recipe): readonly Place[] => layerNames(recipe).map(treeOf);

const treeOf = (layer: string): Place => from(layerStage(layer), "tree");

/** The step before: what belongs to the building of a layer goes out of it. */
export const cleaned = hook("clean", rootPath, { LIVEWRIGHT_CHANGED: output("tree") });

/** The last step of every layer: its changes become its object. */
export const sealed = (epoch: number): Step => ({
  do: "seal-layer",
  upper: output("tree"),
  tar: output("layer.tar"),
  manifest: output("manifest"),
  epoch,
});

/** What livewright-save calls, besides what every system has. */
const savePackages = ["squashfs-tools", "attr", "curl"];

/** What makes a root filesystem a live system: kernel, live-boot, live-config, and what the settings need to be set. */
function essential(recipe: Recipe): Layer {
  return {
    name: "essential",
    preHooks: [],
    tasks: [],
    packages: [
      recipe.kernel.package,
      "live-boot",
      "live-config",
      "live-config-systemd",
      "systemd-sysv",
      "dbus",
      "libpam-systemd",
      "locales",
      "console-setup",
      "keyboard-configuration",
      "tzdata",
      "sudo",
      ...(recipe.firmware ? firmwarePackages(recipe.suite) : []),
      ...(recipe.saveCommand === true ? savePackages : []),
    ],
    hooks: [],
    network: false,
  };
}
