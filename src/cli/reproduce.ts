import { createHash } from "node:crypto";
import { chmod, mkdir, realpath, symlink } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { build } from "../build/build.ts";
import { Cache } from "../build/cache.ts";
import { openLog } from "../build/log.ts";
import { publishArtefacts, refuseStrangers } from "../build/publish.ts";
import { Failure } from "../failure.ts";
import type { LoadedRecipe } from "../recipe/load.ts";
import { requireWritable } from "../system/disk.ts";
import { exists, readText } from "../system/files.ts";
import { beforehand, hooksAsRecorded } from "./beforehand.ts";
import { foresee } from "./build.ts";
import { readBuildRecord, sumOf, type BuildRecord } from "./build-record.ts";
import type { ReproduceOptions } from "./options.ts";
import { askArchives, askHost, siteOf, type Known } from "./prepare.ts";
import { inWords, judge, type Reproduced } from "./reproduced.ts";
import { readRecipe } from "./recipe-source.ts";
import type { Session } from "./session.ts";

/** Build once more what a build.json tells of, with nothing reused but downloads, and say whether it is the same. */
export async function reproduce(
  file: string,
  recipe: string | undefined,
  options: ReproduceOptions,
  session: Session,
): Promise<void> {
  const record = await readBuildRecord(file);
  const published = await publishedMedium(record, options.iso);
  const folder = options.output === undefined ? undefined : resolve(options.output);
  if (folder !== undefined) {
    await requireWritable(folder);
    await refuseOriginal(folder, record, published);
  }
  const loaded = madeAs(record.kind, await readRecipe(recipe ?? shippedName(record), options.set));
  const cache = new Cache(resolve(options.cache));
  await cache.claim();
  const known = await askHost(loaded, { cache, keepRaw: false, offline: options.offline ?? false }, session);
  const warnings = refuseOthers(record, known);
  for (const text of warnings) session.report({ kind: "warning", text });
  const outcome = await again({ record, published, known, warnings, cache, folder, options }, session);
  session.print(options.json ? JSON.stringify(outcome, undefined, 2) : inWords(outcome));
  if (!outcome.same) throw different(outcome, options);
}

/** The medium beside its record, or the one that was named. */
async function publishedMedium({ file, name }: BuildRecord, named: string | undefined): Promise<string | undefined> {
  const iso = named ?? join(dirname(file), name);
  if (await exists(iso)) return iso;
  if (named !== undefined) throw new Failure("usage", `${named} is not there`);
  return undefined;
}

/** A record is of one medium, which is the same whichever others are made beside it. */
const madeAs = (kind: BuildRecord["kind"], loaded: LoadedRecipe): LoadedRecipe => ({
  ...loaded,
  recipe: { ...loaded.recipe, media: [{ kind }] },
});

function shippedName({ file, recipe, shipped }: BuildRecord): string {
  if (shipped) return recipe.name;
  throw new Failure("usage", `${file} was built from a recipe that does not ship: ${recipe.name}`, {
    remedy: `livewright reproduce ${file} path/to/${recipe.name}.yaml`,
  });
}

/** Stop where the outcome could not be the same. What may make another one is returned. */
function refuseOthers(record: BuildRecord, known: Known): readonly string[] {
  const { refusals, warnings } = beforehand(record, known);
  if (refusals.length === 0) return warnings;
  throw new Failure("refused", [`${record.file} was built from something else:`, ...refusals].join("\n  "), {
    remedy: "take the recipe and its files as they were then, with the same --set",
  });
}

interface Again {
  readonly record: BuildRecord;
  readonly published: string | undefined;
  readonly known: Known;
  readonly warnings: readonly string[];
  readonly cache: Cache;
  /** Where what is built is to be kept. */
  readonly folder: string | undefined;
  readonly options: ReproduceOptions;
}

/** Two that make the same again wait for each other; what one leaves when it is killed, the next build clears away. */
async function again(wish: Again, session: Session): Promise<Reproduced> {
  const { record, published, known, warnings, cache, folder, options } = wish;
  const { signal, report } = session;
  await cache.sweep(signal);
  const name = createHash("sha256")
    .update(`reproduce ${sumOf(record.sums)}`)
    .digest("hex");
  await using _turn = await cache.hold(name, signal, () => {
    report({ kind: "note", text: "waiting for another run that makes the same again" });
  });
  await using draft = await cache.draft(name);
  const own = await emptyCache(draft.path, cache);
  const host = { ...known.host, hooks: hooksAsRecorded(record, known.host) };
  const prepared = await askArchives({ ...known, host }, { ...options, cache: own, lock: record.lock }, session);
  if (folder !== undefined) await refuseStrangers(folder, prepared.plan.artefacts);
  await foresee(prepared, session);
  await using log = await openLog(cache.root, known.loaded.recipe.name);
  const { jobs, memory } = options;
  const site = siteOf(prepared, log, { ...session, keepFailed: false, jobs, memory });
  const made = await build(prepared.plan, site);
  if (folder !== undefined) await publishArtefacts(made, folder, site);
  const find = (ending: string): string => made.find((each) => each.name.endsWith(ending))?.path ?? "";
  const rebuilt = JSON.parse(
    await readText(find(record.kind === "iso" ? ".build.json" : ".netboot.json")),
  ) as RebuiltRecord;
  return await judge({
    name: record.name,
    recorded: record.sums,
    rebuilt: { [record.kind]: rebuilt[record.kind]?.sha256 ?? "", files: rebuilt.files },
    made: find(`.${record.kind}`),
    published,
    warnings,
    folder: draft.scratch,
    signal,
  });
}

interface RebuiltRecord {
  readonly iso?: { readonly sha256: string };
  readonly netboot?: { readonly sha256: string };
  readonly files: BuildRecord["sums"]["files"];
}

/** A stage that is reused proves nothing, so none is; what was downloaded is compared with its digest in any case. */
async function emptyCache(folder: string, { root }: Cache): Promise<Cache> {
  const own = join(folder, "cache");
  await mkdir(own);
  await mkdir(join(root, "pool"), { recursive: true });
  await symlink(join(root, "pool"), join(own, "pool"));
  await chmod(folder, 0o711); // apt fetches as a user of its own.
  return new Cache(own);
}

/** The new files have the names of the old ones. */
async function refuseOriginal(folder: string, { file }: BuildRecord, published: string | undefined): Promise<void> {
  if (!(await exists(folder))) return;
  const here = await realpath(folder);
  for (const original of [file, ...(published === undefined ? [] : [published])])
    if (dirname(await realpath(original)) === here)
      throw new Failure("refused", `${original} lies in ${folder}, and would be replaced`, {
        remedy: "name another folder with -o",
      });
}

function different(
  { name, recorded, rebuilt, published, warnings }: Reproduced,
  { output }: ReproduceOptions,
): Failure {
  const text =
    sumOf(rebuilt) !== sumOf(recorded)
      ? `${name}: built again, it is not the same`
      : `${name}: the ${rebuilt.iso === undefined ? "folder's list of checksums" : "ISO"} has sha256 ${published ?? ""}, and neither its build.json nor its recipe gives that`;
  const keep = output === undefined ? "see how the files differ above; -o FOLDER keeps the rebuilt ones" : undefined;
  const tools = warnings.length > 0 ? "see to the warnings first, which name what is not as it was" : undefined;
  return new Failure("verification-failed", text, { remedy: tools ?? keep });
}
