import { attend } from "../build/attendance.ts";
import type { Cache } from "../build/cache.ts";
import type { Report } from "../events.ts";
import { Failure } from "../failure.ts";
import type { ModuleRecord } from "../netboot/record.ts";
import type { Restacked } from "../restack/restack.ts";
import type { ModulesFolder } from "./folder.ts";
import { chainsOf, ownOf, type Image } from "./image.ts";
import type { Verdict } from "./verdict.ts";

/** What became of a module. */
export interface Outcome {
  readonly chain: string;
  readonly did: "was current" | "taken from the cache" | "made" | "restacked" | "failed" | "left";
  readonly why: readonly string[];
}

export interface Work {
  /** Lowest first, as are the verdicts. */
  readonly images: readonly Image[];
  readonly verdicts: readonly Verdict[];
  readonly folder: ModulesFolder;
  readonly cache: Cache;
  /** Have these layers' modules of an image in the cache. */
  readonly build: (image: Image, layers: readonly string[]) => Promise<void>;
  /** Say of a module that it stands on another; lower modules of it are as they were before this began. */
  readonly restack: (chain: string, onto: string) => Promise<Restacked>;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/** What was done, and what failed on the way. */
export interface Done {
  readonly outcomes: readonly Outcome[];
  readonly failures: readonly Failure[];
}

/**
 * Carry verdicts out, image by image. A failure leaves alone what stands on the image that failed, and stops nothing else. All of
 * it counts as one build that runs, so that what is in the cache is there until it is in the folder.
 */
export async function carryOut(work: Work): Promise<Done> {
  await using _running = await attend(work.cache, work.signal);
  for (const { module, fate } of work.verdicts)
    if (fate === "take") for (const key of [module.key, module.layerKey]) await work.cache.use(key);
  const done = new Map<string, Outcome>();
  const failures: Failure[] = [];
  for (const [at, image] of work.images.entries()) {
    const todo = work.verdicts.filter(({ module }) => module.maker === image.name);
    for (const { module, fate } of todo)
      if (fate === "current") done.set(module.chain, { chain: module.chain, did: "was current", why: [] });
    const open = todo.filter(({ fate }) => fate !== "current");
    if (open.length === 0) continue;
    const place = `image ${image.name} (${String(at + 1)} of ${String(work.images.length)})`;
    work.report({ kind: "note", text: `${place}: ${open.map(({ module }) => module.chain).join(", ")}` });
    failures.push(...(await oneImage(image, open, { ...work, done })));
  }
  return { outcomes: work.verdicts.flatMap(({ module }) => done.get(module.chain) ?? []), failures };
}

type Working = Work & { readonly done: Map<string, Outcome> };

/** What an image inherits is made first and by itself, so that its own failures leave it to others. */
async function oneImage(image: Image, open: readonly Verdict[], work: Working): Promise<readonly Failure[]> {
  const own = new Set(ownOf(image));
  const failures: Failure[] = [];
  for (const part of [
    open.filter(({ module }) => !own.has(module.chain)),
    open.filter(({ module }) => own.has(module.chain)),
  ])
    if (part.length > 0) failures.push(...(await onePart(image, part, work)));
  return failures;
}

async function onePart(image: Image, part: readonly Verdict[], work: Working): Promise<readonly Failure[]> {
  const fallen = chainsOf(image.layers).find((chain) => ["failed", "left"].includes(work.done.get(chain)?.did ?? ""));
  if (fallen !== undefined) {
    for (const { module } of part)
      work.done.set(module.chain, {
        chain: module.chain,
        did: "left",
        why: [`${fallen}, which it stands on, was not made`],
      });
    return [];
  }
  if (part.every(({ fate }) => fate === "restack") && (await restacked(part, work))) return [];
  try {
    const lacking = part.filter(({ fate }) => fate !== "take").map(({ module }) => module.layer);
    if (lacking.length > 0) await work.build(image, lacking);
  } catch (error) {
    if (work.signal.aborted || !(error instanceof Failure) || error.code === "bug") throw error;
    await published(part, work);
    return [new Failure(error.code, `${image.name}: ${error.message}`, { remedy: error.remedy, cause: error })];
  }
  await published(part, work);
  return [];
}

/** Whether all of them could be restacked; if not, they are made anew. */
async function restacked(part: readonly Verdict[], { restack, report, done, signal }: Working): Promise<boolean> {
  for (const { module, why } of part) {
    const outcome = await restack(module.chain, module.parent ?? "").catch((error: unknown) => {
      if (signal.aborted || !(error instanceof Failure) || error.code !== "refused") throw error;
      return { is: "refused" as const, conflicts: [{ path: module.chain, why: error.message }] };
    });
    if (outcome.is === "refused") {
      const [first] = outcome.conflicts;
      const more = outcome.conflicts.length - 1;
      const told = `${first?.path ?? ""}: ${first?.why ?? ""}${more > 0 ? ` (and ${String(more)} more)` : ""}`;
      report({ kind: "note", text: `${module.chain} cannot be restacked and is made anew: ${told}` });
      return false;
    }
    done.set(module.chain, { chain: module.chain, did: "restacked", why });
  }
  return true;
}

/** Put what is finished into the folder, lowest first, as far as it goes. */
async function published(part: readonly Verdict[], { folder, cache, done, report, signal }: Working): Promise<void> {
  let failed: string | undefined;
  for (const { module, fate, why } of part) {
    const { chain, parent } = module;
    const lower = parent === undefined ? undefined : await folder.recordOf(parent);
    const whole =
      failed === undefined && (parent === undefined || lower !== undefined) && (await cache.has(module.key));
    if (!whole) {
      const reason = failed === undefined ? [] : [`${failed}, which it stands on, was not made`];
      done.set(chain, { chain, did: failed === undefined ? "failed" : "left", why: reason });
      failed ??= chain;
      continue;
    }
    const record: ModuleRecord = await folder.take(module, lower, signal);
    done.set(chain, { chain, did: fate === "take" ? "taken from the cache" : "made", why });
    report({ kind: "artefact", path: folder.image(chain), bytes: record.bytes, sha256: record.sha256 });
  }
}

/** The failure that stands for all of them: the worst gives the status. */
export function worst(failures: readonly Failure[]): Failure | undefined {
  const [first, ...others] = [...failures].sort((a, b) => gravity(b) - gravity(a));
  if (first === undefined || others.length === 0) return first;
  const lines = failures.map(({ message }) => message);
  return new Failure(first.code, lines.join("\n"), { remedy: first.remedy, cause: first });
}

/** What goes away by itself is the least; otherwise what is nearer to broken is worse. */
const order = [
  "transient",
  "busy",
  "usage",
  "recipe-invalid",
  "host-unready",
  "refused",
  "step-failed",
  "no-space",
  "verification-failed",
];
const gravity = ({ code }: Failure): number => (order.includes(code) ? order.indexOf(code) : order.length);
