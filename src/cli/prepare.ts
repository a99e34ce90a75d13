import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { FrozenArchive } from "../archive/frozen.ts";
import type { Lock } from "../archive/lock.ts";
import { Cache } from "../build/cache.ts";
import type { Site } from "../build/site.ts";
import type { Facts, Plan } from "../plan/stage.ts";
import { needs, plan } from "../plan/plan.ts";
import type { Log } from "../build/log.ts";
import type { LoadedRecipe } from "../recipe/load.ts";
import { requireHost } from "../survey/doctor.ts";
import { survey } from "../survey/survey.ts";
import { lockFileOf, readLock } from "./lock-file.ts";
import type { RecipeOptions, SiteOptions } from "./options.ts";
import { readRecipe } from "./recipe-source.ts";
import { secretDigests, secretsOf } from "./secrets.ts";
import type { Session } from "./session.ts";

export interface Prepared {
  readonly loaded: LoadedRecipe;
  readonly facts: Facts;
  readonly plan: Plan;
  readonly cache: Cache;
  readonly archive: FrozenArchive;
  /** The lock that was followed. */
  readonly lock: Lock | undefined;
}

/** From words to a plan: the recipe is read, the host and the archive are asked. Nothing is changed yet. */
export async function prepare(
  name: string,
  options: RecipeOptions & SiteOptions & { readonly keepRaw?: boolean; readonly unlocked?: boolean },
  { signal, report }: Session,
): Promise<Prepared> {
  const loaded = await readRecipe(name, options.set);
  for (const text of loaded.warnings) report({ kind: "warning", text });
  const { recipe, roots } = loaded;
  const cache = new Cache(resolve(options.cache));
  const offline = options.offline ?? false;
  const lockFile = lockFileOf(loaded);
  const lock = options.unlocked === true ? undefined : await readLock(lockFile);
  if (lock !== undefined)
    report({ kind: "note", text: `following ${relative(process.cwd(), lockFile)}, whatever the archive has by now` });
  await requireHost("build", signal, { cache: cache.root });
  const wish = { recipe, origin: { name: recipe.name, shipped: loaded.shipped }, keepRaw: options.keepRaw ?? false };
  const facts = await survey({
    recipe,
    ...needs(wish),
    roots,
    mirror: options.mirror,
    lock,
    offline,
    cache: cache.root,
    signal,
    warn: (text) => {
      report({ kind: "warning", text });
    },
  });
  const known = { ...facts, digests: { ...facts.digests, ...secretDigests(recipe) } };
  const { releases } = known.archive;
  const archive = new FrozenArchive(cache.root, { releases, architecture: recipe.architecture, offline, lock });
  return { loaded, facts: known, plan: plan(wish, known), cache, archive, lock };
}

/** Everything of this machine that carrying out a plan takes. */
export function siteOf(
  { loaded, facts, cache, archive }: Prepared,
  log: Log,
  {
    keepFailed,
    signal,
    report,
    jobs,
    memory,
    timed,
  }: Session & Pick<Site, "keepFailed" | "memory" | "timed"> & Partial<Pick<Site, "jobs">>,
): Site {
  return {
    cache,
    archive,
    roots: loaded.roots,
    secrets: secretsOf(loaded.recipe),
    mirrors: Object.fromEntries(facts.archive.releases.map(({ role, url }) => [role, url])),
    epoch: facts.archive.epoch,
    log: log.add,
    logFile: log.path,
    report,
    signal,
    keepFailed,
    jobs: jobs ?? availableParallelism(),
    memory,
    timed,
  };
}
