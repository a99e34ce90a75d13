import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Growth } from "./figures.ts";
import type { GrowthName } from "./options.ts";
import { command } from "./peers/livewright.ts";
import { discard, logged, measured, type Workshop } from "./workshop.ts";

const layerCounts = [1, 4, 16, 40];
const fileCounts = [1_000, 10_000, 100_000];

/** How often each is built, always anew: a step up is small beside what two builds of the same differ. */
const repeated = 3;

/** How the time of a build grows with its layers, or with its files: what lies below them is built beforehand. */
export async function growth(of: GrowthName, workshop: Workshop, cache: string): Promise<Growth> {
  const { folder, signal, tell } = workshop;
  const recipe = join(folder, "recipe");
  const words = command(workshop, { cache, output: join(folder, "out") });
  const prepare = of === "layers" ? layers : files;
  await discard(recipe, workshop);
  await mkdir(recipe, { recursive: true });
  await prepare(recipe, 0);
  await logged(folder, { words, cwd: recipe, signal });
  const points = [];
  for (const count of of === "layers" ? layerCounts : fileCounts) {
    const seconds: number[] = [];
    for (let time = 0; time < repeated; time += 1) {
      await prepare(recipe, count);
      const { wall } = await measured(workshop, { words, iso: "", cwd: recipe });
      tell(`${count} ${of}: ${wall.toFixed(1)} s`);
      seconds.push(wall);
    }
    points.push({ count, seconds: seconds.sort((a, b) => a - b) });
  }
  return { of, points };
}

/** So many layers of one small file, none of which an earlier build has made. */
async function layers(recipe: string, count: number): Promise<void> {
  const stamp = Date.now();
  const names = Array.from({ length: count }, (_, at) => `layer-${at + 1}`);
  for (const name of names) {
    await mkdir(join(recipe, name, "etc"), { recursive: true });
    await writeFile(join(recipe, name, "etc", name), `${stamp}\n`);
  }
  await writeFile(join(recipe, "recipe.yaml"), recipeOf(names));
}

/** So many files of a few hundred bytes, a thousand in a folder. */
async function files(recipe: string, count: number): Promise<void> {
  const stamp = Date.now();
  const tree = `tree-${count}`;
  for (let at = 0; at < count; at += 1) {
    const folder = join(recipe, tree, "srv/files", String(Math.floor(at / 1000)));
    if (at % 1000 === 0) await mkdir(folder, { recursive: true });
    await writeFile(join(folder, String(at)), `${stamp} ${at}\n`.repeat(20));
  }
  await writeFile(join(recipe, "recipe.yaml"), recipeOf(count === 0 ? [] : [tree]));
}

const recipeOf = (layers: readonly string[]): string =>
  [
    "name: growth",
    "suite: bookworm",
    ...(layers.length === 0 ? [] : ["layers:"]),
    ...layers.map((name) => `  - { name: ${name}, files: ${name}/ }`),
    "",
  ].join("\n");
