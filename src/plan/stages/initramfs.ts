import { output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { allTrees } from "../layers.ts";
import { offline } from "../packages.ts";
import { rootPath, run, type Stage } from "../stage.ts";

/** Kernel and initramfs, made once from the finished tree; they lie beside the modules and in none of them. */
export const initramfs = (recipe: Recipe): Stage => ({
  name: "initramfs",
  revision: 1,
  bytes: 150e6,
  steps: [run(hook("initramfs", rootPath, { LIVEWRIGHT_OUT: output(".") }), { in: offline(recipe, allTrees(recipe)) })],
});

/** Lists of what is installed, read from the finished tree. */
export const inventory = (recipe: Recipe): Stage => ({
  name: "inventory",
  revision: 1,
  bytes: 30e6,
  steps: [run(hook("inventory", rootPath, { LIVEWRIGHT_OUT: output(".") }), { in: offline(recipe, allTrees(recipe)) })],
});
