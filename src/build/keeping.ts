import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import { leftovers, supplies, unused, type Supply } from "../archive/supplies.ts";
import type { Report } from "../events.ts";
import { viewName } from "../plan/views.ts";
import { exists } from "../system/files.ts";
import { Memory } from "../system/memory.ts";
import { capture } from "../system/process.ts";
import { attendedSince } from "./attendance.ts";
import type { Cache, StoredObject } from "./cache.ts";
import { Discard } from "./discard.ts";
import { faultsInEveryByte } from "./soundness.ts";

/** An object as its keeper sees it. */
export interface Kept extends StoredObject {
  readonly stage: string;
  /** What it takes on the disk. */
  readonly bytes: number;
}

interface Keeping {
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** All objects, the most recently used first. */
export async function listed(cache: Cache, signal: AbortSignal): Promise<readonly Kept[]> {
  const objects = await cache.objects();
  const bytes = await diskUsage(
    objects.map(({ key }) => cache.object(key)),
    signal,
  );
  return objects.map(({ key, ingredients, made, used }) => ({
    key,
    ingredients,
    stage: ingredients["stage"] ?? "?",
    bytes: bytes.get(cache.object(key)) ?? 0,
    made,
    used,
  }));
}

/** Read every object whole. Damaged ones are removed; what nobody can tell the use of is damaged too. */
export async function verified(
  cache: Cache,
  { signal, report }: Keeping,
): Promise<{ readonly sound: number; readonly damaged: readonly (Kept & { readonly faults: readonly string[] })[] }> {
  const folder = join(cache.root, "objects");
  const keys = (await exists(folder)) ? (await readdir(folder)).sort() : [];
  const damaged: (Kept & { readonly faults: readonly string[] })[] = [];
  for (const key of keys) {
    signal.throwIfAborted();
    const object = await cache.stored(key);
    const faults =
      object === undefined
        ? ["nobody can tell what it is"]
        : await cache.faults(key, (path, inventory) => faultsInEveryByte(path, inventory, signal));
    if (faults.length === 0) continue;
    const stage = object?.ingredients["stage"] ?? "?";
    report({ kind: "warning", text: `${stage} ${key.slice(0, 12)} is damaged: ${faults[0] ?? ""}` });
    damaged.push({
      key,
      ingredients: object?.ingredients ?? {},
      stage,
      bytes: 0,
      made: object?.made ?? 0,
      used: object?.used ?? 0,
      faults: faults.slice(0, 3),
    });
    await cache.drop(key, signal);
  }
  return { sound: keys.length - damaged.length, damaged };
}

export interface Limits {
  /** Milliseconds since the last use. */
  readonly older?: number;
  /** Bytes that all objects together may take. */
  readonly maxSize?: number;
  readonly dryRun: boolean;
}

/** What went, or would go. */
export interface Cleaned {
  readonly objects: readonly Kept[];
  /** Files of the pool that no archive uses. */
  readonly pool: readonly Supply[];
  /** States of archives that nobody has used for so long. */
  readonly archives: readonly Supply[];
}

/**
 * Remove objects, the least recently used first, until the limits hold, states of archives that were not used for as long,
 * and files of the pool that no archive uses. What a running build has used stays.
 */
export async function cleaned(cache: Cache, limits: Limits, { signal, report }: Keeping): Promise<Cleaned> {
  const running = (await attendedSince(cache, signal)) ?? Infinity;
  if (!limits.dryRun) await cache.sweep(signal);
  const kept = await listed(cache, signal);
  const held = kept.filter(({ used }) => used >= running);
  if (held.length > 0)
    report({ kind: "note", text: `${String(held.length)} objects are used by a build that runs now, and stay` });
  const chosen = { objects: surplus(kept, running, limits), ...(await idle(cache.root, running, limits)) };
  return limits.dryRun ? chosen : await gone(chosen, { cache, signal, limits });
}

/** The least recently used first, as many as the limits ask for. */
function surplus(kept: readonly Kept[], running: number, { older = Infinity, maxSize = Infinity }: Limits): Kept[] {
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const since = Date.now() - older;
  return kept.toReversed().filter(({ used, bytes }) => {
    if (used >= running || !(used < since || total > maxSize)) return false;
    total -= bytes;
    return true;
  });
}

/** What was used so lately may be on its way into an archive, or be known to a build that is about to begin. */
const grace = 3_600_000;

async function idle(
  cache: string,
  running: number,
  { older = Infinity }: Limits,
): Promise<Pick<Cleaned, "pool" | "archives">> {
  const all = await supplies(cache);
  const since = Math.min(Date.now() - grace, running);
  const archives = all.archives.filter(({ used }) => used < Math.min(since, Date.now() - older));
  return { archives, pool: [...(await unused(all, archives, since)), ...(await leftovers(cache, since))] };
}

async function gone(
  { objects, pool, archives }: Cleaned,
  { cache, signal, limits }: { readonly cache: Cache; readonly signal: AbortSignal; readonly limits: Limits },
): Promise<Cleaned> {
  await using discard = await Discard.open(cache.root, signal);
  const taken = async (each: readonly Supply[]): Promise<readonly Supply[]> => {
    const those: Supply[] = [];
    for (const supply of each) if (await discard.take({ path: supply.path, unless: supply.used })) those.push(supply);
    return those;
  };
  const went = await cache.dropAll(objects, discard);
  const archivesGone = await taken(archives);
  // Where an archive was used after all, its files are too.
  const poolGone = archivesGone.length === archives.length ? await taken(pool) : [];
  await discard.empty(signal);
  await forget(cache, limits);
  return { objects: went, archives: archivesGone, pool: poolGone };
}

/** What was remembered of layers says nothing once nothing is left that was made of it. */
async function forget(cache: Cache, { older = Infinity }: Limits): Promise<void> {
  const seen = new Set((await cache.objects()).flatMap(viewsOf));
  const folder = join(cache.root, "views");
  for (const asked of (await exists(folder)) ? await readdir(folder) : []) {
    const view = await cache.remembered(asked);
    if (view === undefined || !seen.has(view)) await rm(join(folder, asked), { force: true });
  }
  await new Memory(cache.root).forget(Date.now() - older);
}

const viewsOf = ({ ingredients }: StoredObject): readonly string[] => [ingredients[viewName] ?? []].flat();

/** Bytes on the disk, holes not counted. */
async function diskUsage(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  if (paths.length === 0) return new Map();
  const args = ["--summarize", "--block-size=1", "--files0-from=-"];
  // Another cleaning may take some of them meanwhile, and du then ends with 1; what is gone takes nothing.
  const lines = (await capture({ tool: "du", args, input: paths.join("\0"), signal, accept: [1] })).split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [bytes = "", path = ""] = line.split("\t");
      return path === "" ? [] : [[path, Number(bytes)] as const];
    }),
  );
}
