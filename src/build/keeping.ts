import { readdir, rm } from "node:fs/promises";
import { join } from "node:path";
import type { Report } from "../events.ts";
import { viewName } from "../plan/views.ts";
import { exists } from "../system/files.ts";
import { capture } from "../system/process.ts";
import type { Cache, StoredObject } from "./cache.ts";
import { faultsInEveryByte } from "./soundness.ts";

/** An object as its keeper sees it. */
export interface Kept {
  readonly key: string;
  readonly stage: string;
  /** What it takes on the disk. */
  readonly bytes: number;
  /** Milliseconds since 1970. */
  readonly made: number;
  readonly used: number;
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

/** Remove objects, the least recently used first, until the limits hold. What a running build has used stays. */
export async function cleaned(cache: Cache, limits: Limits, { signal, report }: Keeping): Promise<readonly Kept[]> {
  const running = (await cache.attendedSince(signal)) ?? Infinity;
  const kept = await listed(cache, signal);
  const [older, held] = [Date.now() - (limits.older ?? Infinity), kept.filter(({ used }) => used >= running)];
  let total = kept.reduce((sum, { bytes }) => sum + bytes, 0);
  const gone: Kept[] = [];
  for (const object of kept.toReversed()) {
    const tooOld = object.used < older;
    const tooMuch = total > (limits.maxSize ?? Infinity);
    if (held.includes(object) || !(tooOld || tooMuch)) continue;
    if (!limits.dryRun && !(await cache.drop(object.key, signal, object.used))) continue;
    total -= object.bytes;
    gone.push(object);
  }
  if (held.length > 0)
    report({ kind: "note", text: `${String(held.length)} objects are used by a build that runs now, and stay` });
  if (!limits.dryRun) await forget(cache);
  return gone;
}

/** What was remembered of layers says nothing once nothing is left that was made of it. */
async function forget(cache: Cache): Promise<void> {
  const seen = new Set((await cache.objects()).flatMap(viewsOf));
  const folder = join(cache.root, "views");
  for (const asked of (await exists(folder)) ? await readdir(folder) : []) {
    const view = await cache.remembered(asked);
    if (view === undefined || !seen.has(view)) await rm(join(folder, asked), { force: true });
  }
}

const viewsOf = ({ ingredients }: StoredObject): readonly string[] => [ingredients[viewName] ?? []].flat();

/** Bytes on the disk, holes not counted. */
async function diskUsage(paths: readonly string[], signal: AbortSignal): Promise<ReadonlyMap<string, number>> {
  if (paths.length === 0) return new Map();
  const args = ["--summarize", "--block-size=1", "--files0-from=-"];
  const lines = (await capture({ tool: "du", args, input: paths.join("\0"), signal })).split("\n");
  return new Map(
    lines.flatMap((line) => {
      const [bytes = "", path = ""] = line.split("\t");
      return path === "" ? [] : [[path, Number(bytes)] as const];
    }),
  );
}
