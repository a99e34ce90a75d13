import { resolve } from "node:path";
import { build } from "../build/build.ts";
import { Cache } from "../build/cache.ts";
import { openLog } from "../build/log.ts";
import { Failure } from "../failure.ts";
import { modulesOnly } from "../plan/modules-only.ts";
import { readBase } from "../restack/base.ts";
import { restack } from "../restack/restack.ts";
import { Sums } from "../restack/sums.ts";
import { requireWritable } from "../system/disk.ts";
import { scratch } from "../system/scratch.ts";
import { carryOut, worst, type Outcome, type Work } from "../workshop/carry-out.ts";
import { ModulesFolder } from "../workshop/folder.ts";
import { chainsOf, type Image } from "../workshop/image.ts";
import { modulesOf, type PlannedImage } from "../workshop/planned.ts";
import { judge, keptConfiguration, type Standing, type Verdict } from "../workshop/verdict.ts";
import { foresee } from "./build.ts";
import type { MakeOptions, UpdateOptions } from "./options.ts";
import { prepare, siteOf, type Prepared } from "./prepare.ts";
import type { Session } from "./session.ts";
import { asModules } from "./workshop.ts";

/** What is there, and what is to become of it. */
export interface Survey {
  readonly images: readonly Image[];
  readonly prepared: ReadonlyMap<string, Prepared>;
  readonly verdicts: readonly Verdict[];
  readonly standings: ReadonlyMap<string, Standing>;
  readonly folder: ModulesFolder;
  readonly cache: Cache;
  readonly sums: Sums;
}

/** All modules of some images. */
export const chainsIn = (images: readonly Image[]): ReadonlySet<string> =>
  new Set(images.flatMap(({ layers }) => chainsOf(layers)));

/** The folder that modules are kept in. */
export function modulesFolder({
  output,
  cache: root,
}: Pick<MakeOptions, "output" | "cache">): Pick<Survey, "folder" | "cache" | "sums"> {
  const cache = new Cache(resolve(root));
  const sums = new Sums(cache.root);
  return { cache, sums, folder: new ModulesFolder(resolve(output), { cache, sums }) };
}

/** Plan images, and compare the modules that are wanted of them with what the folder has. Nothing is changed yet. */
export async function lookAround(
  { images, wanted }: { readonly images: readonly Image[]; readonly wanted: ReadonlySet<string> },
  options: UpdateOptions | MakeOptions,
  session: Session,
): Promise<Survey> {
  const { folder, cache, sums } = modulesFolder(options);
  const prepared = new Map<string, Prepared>();
  for (const { name, file } of images) prepared.set(name, await prepare(file, { ...options, set: asModules }, session));
  const modules = modulesOf(images.map((image) => plannedImage(image, prepared))).filter(({ chain }) =>
    wanted.has(chain),
  );
  const standings = new Map<string, Standing>();
  for (const { chain } of modules) standings.set(chain, await folder.standing(chain));
  refuseStrangers(standings);
  const cached = new Set<string>();
  for (const { key } of modules) if (await cache.has(key)) cached.add(key);
  const judged = judge(modules, standings, (key) => cached.has(key));
  const keeps = "keepConfiguration" in options && options.keepConfiguration;
  const verdicts = keeps ? keptConfiguration(judged, images, standings) : judged;
  return { images, prepared, verdicts, standings, folder, cache, sums };
}

function plannedImage(image: Image, prepared: ReadonlyMap<string, Prepared>): PlannedImage {
  const { plan, loaded } = prepared.get(image.name) ?? bug(image.name);
  return { image, plan, recipe: loaded.recipe };
}

function bug(image: string): never {
  throw new Failure("bug", `the image ${image} was not planned`);
}

function refuseStrangers(standings: ReadonlyMap<string, Standing>): void {
  const strangers = [...standings.values()].flatMap((standing) => (standing.is === "strange" ? [standing.why] : []));
  if (strangers.length > 0)
    throw new Failure("refused", strangers.join("\n"), { remedy: "move it away, or name another folder with -o" });
}

/** Do what was decided, or only say it. What became of each module is the result. */
export async function settle(survey: Survey, options: MakeOptions, session: Session): Promise<void> {
  const { verdicts, folder } = survey;
  if (options.dryRun) {
    session.print(foretold(verdicts, options.explain));
    return;
  }
  if (verdicts.some(({ fate }) => fate !== "current")) await requireWritable(folder.path);
  await using replaced = await folder.setAside(verdicts.some(({ fate }) => fate === "restack"));
  const { outcomes, failures } = await carryOut(workFor(survey, options, session, replaced.places));
  session.print(told(outcomes, options.explain));
  await warnOfStranded(folder, outcomes, session);
  const failure = worst(failures);
  if (failure !== undefined) throw failure;
}

/** Everything that carrying verdicts out takes. */
function workFor(survey: Survey, options: MakeOptions, session: Session, from: readonly string[]): Work {
  const { images, prepared, verdicts, folder, cache, sums } = survey;
  const { signal, report } = session;
  return {
    ...{ images, verdicts, folder, cache, report, signal },
    build: (image, layers) => buildModules(prepared.get(image.name) ?? bug(image.name), layers, { options, session }),
    restack: async (chain, lower) => {
      await using notes = await scratch();
      const reading = { sums, scratch: notes.path, signal };
      const onto = await readBase(folder.record(lower), reading);
      return await restack({ module: folder.image(chain), onto, places: { cache, from }, strict: false, reading });
    },
  };
}

async function buildModules(
  whole: Prepared,
  layers: readonly string[],
  { options, session }: { readonly options: MakeOptions; readonly session: Session },
): Promise<void> {
  const prepared = { ...whole, plan: modulesOnly(whole.plan, layers) };
  await foresee(prepared, session);
  await using log = await openLog(prepared.cache.root, prepared.loaded.recipe.name);
  const { keepFailed, jobs, memory } = options;
  await build(prepared.plan, siteOf(prepared, log, { ...session, keepFailed, jobs, memory }));
}

/** A module whose base was replaced would be refused when it is to start: say so now. */
async function warnOfStranded(folder: ModulesFolder, outcomes: readonly Outcome[], { report }: Session): Promise<void> {
  const names = await folder.names();
  const records = await Promise.all(names.map(async (name) => [name, await folder.recordOf(name)] as const));
  const sums = new Set(records.flatMap(([, record]) => (record === undefined ? [] : [record.sha256])));
  const handled = new Set(outcomes.map(({ chain }) => chain));
  const stranded = records.flatMap(([name, record]) =>
    record === undefined || handled.has(name) || record.below.every((sum) => sums.has(sum)) ? [] : [name],
  );
  if (stranded.length > 0)
    report({
      kind: "warning",
      text: `these stand on modules that are no more: ${stranded.join(", ")}; livewright updateall makes images anew, livewright restack moves saved modules`,
    });
}

const doing: Readonly<Record<Verdict["fate"], string>> = {
  current: "current",
  take: "from the cache",
  make: "to make",
  restack: "to restack",
};

const foretold = (verdicts: readonly Verdict[], explain: boolean): string =>
  table(
    verdicts.map(({ module, fate, why }) => ({ chain: module.chain, word: doing[fate], why })),
    explain,
  );

const told = (outcomes: readonly Outcome[], explain: boolean): string =>
  table(
    outcomes.map(({ chain, did, why }) => ({ chain, word: did, why })),
    explain,
  );

interface Row {
  readonly chain: string;
  readonly word: string;
  readonly why: readonly string[];
}

/** One line a module: what of it, and the first reason; all of them when they are asked for. */
function table(rows: readonly Row[], explain: boolean): string {
  const width = Math.max(0, ...rows.map(({ word }) => word.length));
  const lines = rows.flatMap(({ chain, word, why: [first, ...rest] }) => {
    const more = rest.length === 0 || explain ? "" : ` (and ${String(rest.length)} more: --explain)`;
    const line = `${word.padEnd(width)}  ${chain}${first === undefined ? "" : `: ${first}${more}`}\n`;
    return [line, ...(explain ? rest.map((reason) => `${" ".repeat(width)}    ${reason}\n`) : [])];
  });
  return lines.join("");
}
