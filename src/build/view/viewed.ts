import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { digest } from "../../plan/digest.ts";
import type { Plan, PlannedStage, View } from "../../plan/stage.ts";
import { viewName } from "../../plan/views.ts";
import { readText } from "../../system/files.ts";
import type { Cache } from "../cache.ts";
import { keyOf } from "../locate.ts";
import { stackOf, type Tree } from "../stack.ts";
import { readManifest } from "../tar/manifest.ts";
import { readsOf } from "./reads.ts";
import { revision, select, viewDigest, type Pattern } from "./select.ts";

/** A stage that views a root filesystem. */
export type Viewer = PlannedStage & { readonly view: View };

export const isViewer = (stage: PlannedStage): stage is Viewer => stage.view !== undefined;

/** Kept beside the output: what was viewed. */
export interface ViewRecord {
  /** What was read beyond the declared paths. */
  readonly also: readonly Pattern[];
  /** Each path with a digest of its attributes, so that a stale stage can say which one changed. */
  readonly paths: Readonly<Record<string, string>>;
}

export const recordName = ".view.json";

/** Where a plan stands, as far as views need it. */
export interface Standing {
  readonly plan: Plan;
  readonly cache: Cache;
}

/**
 * The digest of what a stage views, if it can be told without making the stage: these very layers were viewed before, or
 * what some finished object viewed is the same in them.
 */
export async function knownView(stage: Viewer, standing: Standing): Promise<string | undefined> {
  const before = await standing.cache.remembered(layersAsked(stage, standing.plan));
  if (before !== undefined) return before;
  const tree = await viewedTree(stage, standing);
  return tree === undefined ? undefined : foundAgain(stage, tree, standing);
}

/** The same, from finished objects alone. */
export async function foundAgain(stage: Viewer, tree: Tree, { plan, cache }: Standing): Promise<string | undefined> {
  for (const { key, ingredients } of await cache.objects()) {
    const view = ingredients[viewName];
    if (view === undefined || digest({ ...stage.ingredients, [viewName]: view }) !== key) continue;
    if (!(await cache.has(key))) continue;
    const patterns = [...stage.view.paths, ...(await readRecord(key, cache)).also];
    if (viewDigest(patterns, select(tree, patterns)) !== view) continue;
    await cache.remember(layersAsked(stage, plan), view);
    return view;
  }
  return undefined;
}

/** What a stage has viewed whose output was just made in `out`. */
export async function newView(
  stage: Viewer,
  tree: Tree,
  { plan, cache, out }: Standing & { readonly out: string },
): Promise<{ readonly view: string; readonly record: ViewRecord }> {
  const keys = stage.view.layers.map((layer) => keyOf(plan, layer));
  const read = async (path: string, { inode: { layer } }: Tree): Promise<string | undefined> => {
    const bytes = await readFile(join(cache.object(keys[layer] ?? ""), "tree", path));
    return bytes.includes(0) ? undefined : bytes.toString("latin1");
  };
  const also = await readsOf(tree, stage.view, await readText(join(out, stage.view.copied)), read);
  const patterns = [...stage.view.paths, ...also];
  const selected = select(tree, patterns);
  const view = viewDigest(patterns, selected);
  await cache.remember(layersAsked(stage, plan), view);
  return { view, record: { also, paths: Object.fromEntries([...selected].map(([path, all]) => [path, short(all)])) } };
}

/** What a stage shares with every other that finds the same in the paths it declares: they are made one after the other. */
export const sharedKey = (stage: Viewer, tree: Tree): string =>
  digest([stage.ingredients, viewDigest(stage.view.paths, select(tree, stage.view.paths))]);

/** Which paths that an object viewed are others in a tree. */
export function changedPaths({ view }: Viewer, tree: Tree, record: ViewRecord): readonly string[] {
  const now = select(tree, [...view.paths, ...record.also]);
  const paths = [...new Set([...Object.keys(record.paths), ...now.keys()])].sort();
  return paths.filter((path) => record.paths[path] !== (now.has(path) ? short(now.get(path)) : undefined));
}

export const readRecord = async (key: string, cache: Cache): Promise<ViewRecord> =>
  JSON.parse(await readText(join(cache.object(key), recordName))) as ViewRecord;

const short = (attributes: string | undefined): string => digest(attributes).slice(0, 16);

/** The tree that a stage views, once all its layers are there. */
export async function viewedTree({ view }: Viewer, { plan, cache }: Standing): Promise<Tree | undefined> {
  const keys = view.layers.map((layer) => keyOf(plan, layer));
  for (const key of keys) if (!(await cache.has(key))) return undefined;
  return stackOf(await Promise.all(keys.map((key) => readManifest(join(cache.object(key), "manifest"))))).root;
}

const layersAsked = ({ ingredients, view }: Viewer, plan: Plan): string =>
  digest([revision, ingredients, view.paths, view.scripts, view.layers.map((layer) => keyOf(plan, layer))]);
