import { join } from "node:path";
import { stat } from "node:fs/promises";
import { readDigests } from "../build/checksums.ts";
import type { Cache } from "../build/cache.ts";
import { exists } from "../system/files.ts";
import { readBase, squashfsIn, type Base, type BaseModule, type Reading } from "./base.ts";

/** Where squashfs files may be found again by their sum. */
export interface Places {
  readonly cache: Cache;
  /** Folders with squashfs files, netboot folders, ISOs. */
  readonly from: readonly string[];
  /** What is known anyway, such as the new base: two bases often share their lower modules. */
  readonly known: readonly BaseModule[];
}

/** The modules with these sums, in their order; undefined for those that are in none of the places. */
export async function findModules(
  wanted: readonly string[],
  { cache, from, known }: Places,
  reading: Reading,
): Promise<readonly (BaseModule | undefined)[]> {
  const found = new Map(known.map((module) => [module.sha256, module]));
  const missing = (): boolean => wanted.some((sha256) => !found.has(sha256));
  if (missing()) for (const module of await inCache(cache)) found.set(module.sha256, module);
  for (const place of from)
    if (missing()) for (const module of await inPlace(place, reading)) found.set(module.sha256, module);
  return wanted.map((sha256) => found.get(sha256));
}

/** Every squashfs that a build has left: its sums lie beside it. */
async function inCache(cache: Cache): Promise<readonly BaseModule[]> {
  const modules: BaseModule[] = [];
  for (const { key, ingredients } of await cache.objects()) {
    if (!/^squashfs(-|$)/u.test(ingredients["stage"] ?? "") || !(await cache.has(key))) continue;
    const { sha256 } = await readDigests(join(cache.object(key), "digests"));
    modules.push({ sha256, file: () => Promise.resolve(join(cache.object(key), "layer.squashfs")) });
  }
  return modules;
}

async function inPlace(place: string, reading: Reading): Promise<Base["modules"]> {
  if (!(await exists(place)) || !(await stat(place)).isDirectory()) return (await readBase(place, reading)).modules;
  const folders = [place, join(place, "live")];
  const files = (await Promise.all(folders.map(async (each) => ((await exists(each)) ? squashfsIn(each) : [])))).flat();
  const modules: BaseModule[] = [];
  for (const file of files) modules.push({ sha256: await reading.sums.of(file), file: () => Promise.resolve(file) });
  return modules;
}
