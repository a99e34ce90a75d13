import { from, output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { allTrees } from "../layers.ts";
import { offline } from "../packages.ts";
import { uuidOf } from "../digest.ts";
import type { Facts } from "../facts.ts";
import { rootPath, run, type Stage } from "../stage.ts";
import { treeWeight, weightOfAll } from "../weight.ts";

/**
 * The sealed tree copied to a raw disk image of its own, before any squashfs is made of it (seed 004, point 19): what
 * mksquashfs spoils can be made again from here. Sparse, made without mounting or loop devices, with its own boot loader.
 */
export const raw = (recipe: Recipe, { archive }: Facts): Stage => ({
  name: "raw",
  revision: 1,
  passing: true,
  bytes: rawWeight(recipe),
  steps: [
    run(
      hook("raw", rootPath, {
        LIVEWRIGHT_OUT: output("."),
        LIVEWRIGHT_LOADERS: from("loaders", "files/grub-pc"),
        LIVEWRIGHT_UUID: uuidOf(`root of ${recipe.name}`),
        LIVEWRIGHT_EPOCH: String(archive.epoch),
        LIVEWRIGHT_ARGUMENTS: recipe.kernel.arguments.join(" "),
        LIVEWRIGHT_SERIAL: recipe.console.serial ?? "",
        LIVEWRIGHT_HOSTNAME: recipe.hostname,
      }),
      { in: offline(recipe, allTrees(recipe)) },
    ),
  ],
});

/** The raw image with its initramfs in place: it starts by itself. */
export const disk = (recipe: Recipe, { archive }: Facts): Stage => ({
  name: "disk",
  revision: 1,
  passing: true,
  bytes: rawWeight(recipe) + 100e6,
  steps: [
    run(
      hook("disk", output("."), {
        LIVEWRIGHT_RAW: from("raw", "disk.img"),
        LIVEWRIGHT_BOOT: from("initramfs", "."),
        LIVEWRIGHT_EPOCH: String(archive.epoch),
      }),
      { in: offline(recipe, []) },
    ),
  ],
});

/** The tree, and what ext4 keeps for itself. */
const rawWeight = (recipe: Recipe): number => treeWeight(weightOfAll(recipe)) + 200e6;
