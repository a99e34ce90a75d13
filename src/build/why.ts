import type { PlannedStage } from "../plan/stage.ts";
import type { StoredObject } from "./cache.ts";
import { changedPaths, isViewer, readRecord, viewedTree, type Standing } from "./view/viewed.ts";

/** Why the cache does not hold a stage: which ingredients differ from those of the newest object of the same name. */
export async function whyStale(stage: PlannedStage, standing: Standing): Promise<readonly string[]> {
  const before = await newestLike(stage, standing);
  if (before === undefined) return ["never built here"];
  const names = [...new Set([...Object.keys(before.ingredients), ...Object.keys(stage.ingredients)])];
  const changed = names.flatMap((name) => {
    const [was, is] = [before.ingredients[name], stage.ingredients[name]];
    if (was === is || stage.awaits?.includes(name) === true) return [];
    return [was === undefined ? `new: ${name}` : is === undefined ? `gone: ${name}` : `changed: ${name}`];
  });
  const told = [...changed, ...(await whyPending(stage, before, standing))];
  return told.length > 0 ? told : ["its object was removed"];
}

/** How many paths are told. */
const shown = 5;

/** What a stage waits for, and of a view which paths are others than before. */
async function whyPending(stage: PlannedStage, { key }: StoredObject, standing: Standing): Promise<readonly string[]> {
  const { awaits = [] } = stage;
  if (!isViewer(stage)) return awaits.map((name) => `not known yet: ${name}`);
  const tree = awaits.length === 0 ? undefined : await viewedTree(stage, standing);
  if (tree === undefined) return awaits.map((name) => `not known yet: ${name}, whose layers are not all built`);
  const paths = changedPaths(stage, tree, await readRecord(key, standing.cache));
  const more = paths.length > shown ? [`and ${String(paths.length - shown)} more`] : [];
  return awaits.map((name) => `changed: ${name}: ${[...paths.slice(0, shown), ...more].join(", ")}`);
}

async function newestLike({ name }: PlannedStage, { cache }: Standing): Promise<StoredObject | undefined> {
  const alike = (await cache.objects()).filter(({ ingredients }) => ingredients["stage"] === name);
  return alike.sort((a, b) => b.made - a.made)[0];
}
