import { readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import type { PlannedStage } from "../plan/stage.ts";
import { exists, readText } from "../system/files.ts";
import type { Cache } from "./cache.ts";

/** Why the cache does not hold a stage: which ingredients differ from those of the newest object of the same name. */
export async function whyStale(stage: PlannedStage, cache: Cache): Promise<readonly string[]> {
  const before = await newestLike(stage, cache);
  if (before === undefined) return ["never built here"];
  const names = [...new Set([...Object.keys(before), ...Object.keys(stage.ingredients)])];
  const changed = names.flatMap((name) => {
    if (before[name] === stage.ingredients[name]) return [];
    if (before[name] === undefined) return [`new: ${name}`];
    if (stage.ingredients[name] === undefined) return [`gone: ${name}`];
    return [`changed: ${name}`];
  });
  return changed.length > 0 ? changed : ["its object was removed"];
}

async function newestLike({ name }: PlannedStage, cache: Cache): Promise<Readonly<Record<string, string>> | undefined> {
  const objects = join(cache.root, "objects");
  if (!(await exists(objects))) return undefined;
  let newest: { readonly at: number; readonly ingredients: Record<string, string> } | undefined;
  for (const key of await readdir(objects)) {
    const file = join(objects, key, ".ingredients.json");
    if (!(await exists(file))) continue;
    const ingredients = JSON.parse(await readText(file)) as Record<string, string>;
    const { mtimeMs } = await stat(file);
    if (ingredients["stage"] === name && (newest === undefined || mtimeMs > newest.at))
      newest = { at: mtimeMs, ingredients };
  }
  return newest?.ingredients;
}
