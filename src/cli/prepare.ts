import { availableParallelism } from "node:os";
import { relative, resolve } from "node:path";
import { FrozenArchive } from "../archive/frozen.ts";
import type { Lock } from "../archive/lock.ts";
import { Cache } from "../build/cache.ts";
import type { Site } from "../build/site.ts";
import type { Facts } from "../plan/facts.ts";
import type { Plan } from "../plan/stage.ts";
import { needs, plan, type PlanWish } from "../plan/plan.ts";
import type { Log } from "../build/log.ts";
import { loadTheme } from "../look/theme.ts";
import type { LoadedRecipe } from "../recipe/load.ts";
import { requireHost } from "../survey/doctor.ts";
import { locateSource } from "../survey/digest.ts";
import { HostApt } from "../survey/apt.ts";
import { surveyArchive } from "../survey/archive.ts";
import { surveyHost, type HostFacts } from "../survey/survey.ts";
import { programVersion } from "./about.ts";
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
  session: Session,
): Promise<Prepared> {
  const loaded = await readRecipe(name, options.set);
  const cache = new Cache(resolve(options.cache));
  const lockFile = lockFileOf(loaded);
  const lock = options.unlocked === true ? undefined : await readLock(lockFile);
  if (lock !== undefined) {
    const file = relative(process.cwd(), lockFile);
    session.report({ kind: "note", text: `following ${file}, whatever the archive has by now` });
  }
  const { keepRaw = false, offline = false } = options;
  const known = await askHost(loaded, { cache, keepRaw, offline }, session);
  return await askArchives(known, { ...options, cache, lock }, session);
}

/** A recipe, and what this host brings to it. */
export interface Known {
  readonly loaded: LoadedRecipe;
  readonly wish: PlanWish;
  readonly host: HostFacts;
  readonly apt: HostApt;
}

/** The first half of it, for which no network is needed. */
export async function askHost(
  loaded: LoadedRecipe,
  { cache, keepRaw, offline }: { readonly cache: Cache; readonly keepRaw: boolean; readonly offline: boolean },
  { signal, report }: Session,
): Promise<Known> {
  const warn = (text: string): void => {
    report({ kind: "warning", text });
  };
  loaded.warnings.forEach(warn);
  const { recipe, roots, shipped } = loaded;
  await judgeTheme(loaded);
  await requireHost("build", signal, { cache: cache.root });
  const apt = new HostApt(signal);
  if (!offline) apt.prepare();
  const wish = { recipe, origin: { name: recipe.name, shipped }, keepRaw, by: programVersion() };
  const [host, secrets] = await Promise.all([
    surveyHost({ recipe, ...needs(wish), roots, cache: cache.root, signal, warn }),
    secretDigests(recipe),
  ]);
  return { loaded, wish, apt, host: { ...host, digests: { ...host.digests, ...secrets } } };
}

/** What is wrong with a theme of the recipe's own is a fault of the recipe, and not for a stage to find. */
async function judgeTheme({ recipe: { menu }, roots }: LoadedRecipe): Promise<void> {
  if (menu.theme.root !== "program") await loadTheme(locateSource(menu.theme, roots));
}

/** The second half: which state the archives are in, or the lock's, and so the plan. */
export async function askArchives(
  { loaded, wish, host, apt }: Known,
  {
    cache,
    lock,
    mirror,
    offline = false,
  }: Pick<SiteOptions, "mirror" | "offline"> & { readonly cache: Cache; readonly lock: Lock | undefined },
  { signal, report }: Session,
): Promise<Prepared> {
  const { recipe, roots } = loaded;
  const warn = (text: string): void => {
    report({ kind: "warning", text });
  };
  const state = await surveyArchive({ apt, recipe, roots, mirror, lock, offline, cache: cache.root, signal, warn });
  const facts = { ...host, archive: state };
  const { releases } = state;
  const archive = new FrozenArchive(cache.root, { releases, architecture: recipe.architecture, offline, lock });
  return { loaded, facts, plan: plan(wish, facts), cache, archive, lock };
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
