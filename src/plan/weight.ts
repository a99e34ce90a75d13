import type { Layer, Recipe } from "../recipe/recipe.ts";
import { layerNames, layersOf } from "./layers.ts";

/** Of the frame's layers (measured on the shipped recipes, rounded up). */
const frame: Readonly<Record<string, number>> = { base: 450e6, settings: 50e6 };

/** Bytes that a layer will take on disk, as tree and as tar, before apt can say: for the forecast. */
export function weightOf(recipe: Recipe, layer: string): number {
  const wish = layersOf(recipe).find(({ name }) => name === layer);
  return wish === undefined ? (frame[layer] ?? 0) : weigh(wish);
}

/** Bytes that all layers will take. */
export const weightOfAll = (recipe: Recipe): number =>
  layerNames(recipe).reduce((sum, layer) => sum + weightOf(recipe, layer), 0);

/** Bytes of a tree, or of its tar, of layers that weigh so much. */
export const treeWeight = (weight: number): number => weight / 2;

/** Bytes of a squashfs of layers that weigh so much: two fifths of the tar, at zstd's level 4. */
export const packedWeight = (weight: number): number => treeWeight(weight) * 0.4;

/**
 * Measured on the shipped recipes, rounded up: essential 1.0 GB and 2.1 GB with firmware, standard's sixty packages 0.4 GB.
 * A layer without packages has what its folder and its hooks bring, which is seldom much.
 */
const weigh = ({ name, tasks, packages }: Layer): number =>
  (tasks.length + packages.length > 0 ? 150e6 : 40e6) +
  tasks.length * 150e6 +
  packages.length * 8e6 +
  (name === "essential" ? 1000e6 : 0) +
  (packages.some((each) => each.startsWith("firmware-")) ? 1000e6 : 0) +
  (tasks.some((task) => task.endsWith("-desktop")) ? 6e9 : 0);
