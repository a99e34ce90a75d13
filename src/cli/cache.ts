import { resolve } from "node:path";
import { supplies } from "../archive/supplies.ts";
import { Cache } from "../build/cache.ts";
import { settleKnown } from "../build/build.ts";
import { cleaned, listed, verified, type Kept } from "../build/keeping.ts";
import { whyStale } from "../build/why.ts";
import { Failure } from "../failure.ts";
import { didYouMean } from "../recipe/suggest.ts";
import { duration, size } from "../report/words.ts";
import type { CacheCleanOptions, CacheListOptions, CacheOptions, CacheWhyOptions } from "./options.ts";
import { prepare } from "./prepare.ts";
import type { Session } from "./session.ts";

/** What is kept, what for, how big, and when it was last used. */
export async function cacheLs({ cache, json }: CacheListOptions, session: Session): Promise<void> {
  const kept = await listed(new Cache(resolve(cache)), session.signal);
  const total = sum(kept);
  const { pool, archives } = await supplies(resolve(cache));
  if (json) {
    const objects = kept.map(({ key, stage, bytes, made, used }) => ({
      ...{ key, stage, bytes },
      made: date(made),
      used: date(used),
    }));
    const supplied = { pool: { files: pool.length, bytes: sum(pool) }, archives: { states: archives.length } };
    session.print(JSON.stringify({ cache: resolve(cache), bytes: total, objects, ...supplied }, undefined, 2));
    return;
  }
  const now = Date.now();
  const lines = kept.map((each) => `${row(each, now)}\n`);
  const supplied = `${String(pool.length)} files of archives, ${size(sum(pool))}, for ${states(archives.length)}\n`;
  session.print([...lines, `${String(kept.length)} objects, ${size(total)}\n`, supplied].join(""));
}

/** Why a stage would be made again, or which object stands for it. */
export async function cacheWhy(
  stage: string,
  recipe: string,
  options: CacheWhyOptions,
  session: Session,
): Promise<void> {
  const { plan: asked, cache } = await prepare(recipe, options, session);
  const plan = await settleKnown(asked, cache);
  const planned = plan.stages.find(({ name }) => name === stage);
  if (planned === undefined) {
    const names = plan.stages.map(({ name }) => name);
    throw new Failure("usage", `${recipe} has no stage called ${stage}${didYouMean(stage, names)}`, {
      remedy: `one of ${names.join(", ")}`,
    });
  }
  if (planned.key !== undefined && (await cache.has(planned.key))) {
    const faults = await cache.faults(planned.key);
    session.print(
      `${stage} is reused: nothing that goes into it has changed\n  ${cache.object(planned.key)}\n${faults.join("\n")}`,
    );
    return;
  }
  const reasons = await whyStale(planned, { plan, cache });
  session.print([`${stage} would be made again:`, ...reasons.map((reason) => `  ${reason}`)].join("\n"));
}

/** Read every byte of every object. What is damaged is named and removed, so that the next build makes it again. */
export async function cacheVerify({ cache: folder }: CacheOptions, session: Session): Promise<void> {
  const { sound, damaged } = await verified(new Cache(resolve(folder)), session);
  const lines = damaged.map(({ stage, key, faults }) => `removed ${stage} ${key.slice(0, 12)}: ${faults.join("; ")}\n`);
  session.print(
    [...lines, `${String(sound)} objects are as they were made, ${String(damaged.length)} were damaged\n`].join(""),
  );
  if (damaged.length > 0)
    throw new Failure(
      "verification-failed",
      `${String(damaged.length)} objects of the cache were damaged and are removed`,
      {
        remedy: "look for a failing disk or memory; the next build makes them again",
      },
    );
}

/** Remove what was not used for longest, but nothing that a running build uses. */
export async function cacheClean(options: CacheCleanOptions, session: Session): Promise<void> {
  const { cache, older, maxSize, dryRun } = options;
  if (older === undefined && maxSize === undefined)
    throw new Failure("usage", "what is to go must be said", {
      remedy: "livewright cache clean --older 30d --max-size 20G",
    });
  const limits = { ...(older === undefined ? {} : { older }), ...(maxSize === undefined ? {} : { maxSize }), dryRun };
  const { objects: gone, pool, archives } = await cleaned(new Cache(resolve(cache)), limits, session);
  const now = Date.now();
  const told = dryRun ? "would remove" : "removed";
  const lines = [
    ...gone.map((each) => row(each, now)),
    `${told} ${String(gone.length)} objects, ${size(sum(gone))}`,
    `${told} ${String(pool.length)} files of archives, ${size(sum(pool))}, and ${states(archives.length)}`,
  ];
  session.print(lines.map((line) => `${line}\n`).join(""));
}

const sum = (all: readonly { readonly bytes: number }[]): number => all.reduce((total, { bytes }) => total + bytes, 0);

const states = (count: number): string => `${String(count)} ${count === 1 ? "state" : "states"}`;

function row({ stage, key, bytes, used }: Kept, now: number): string {
  const ago = `${duration(Math.max(0, now - used) / 1000)} ago`;
  return `${key.slice(0, 12)}  ${stage.padEnd(24)}  ${size(bytes).padStart(8)}  used ${ago}`;
}

const date = (milliseconds: number): string => new Date(milliseconds).toISOString();
