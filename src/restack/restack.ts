import { open } from "node:fs/promises";
import { readBack } from "../build/verify-squashfs.ts";
import { Failure } from "../failure.ts";
import {
  baseChainOf,
  modulePathOf,
  parseRecord,
  recordPathOf,
  renderRecord,
  type ModuleRecord,
} from "../netboot/record.ts";
import { exists, publish, readText, write } from "../system/files.ts";
import type { Base, BaseModule, Reading } from "./base.ts";
import { conflictsOf, strictConflictsOf, type Conflict } from "./conflicts.ts";
import { findModules, type Places } from "./old-base.ts";

export interface Restacking {
  /** The squashfs, with its record beside it, by the name of either. */
  readonly module: string;
  readonly onto: Base;
  readonly places: Pick<Places, "cache" | "from">;
  /** Where the old base is gone: take every path that both have for one that has changed. */
  readonly strict: boolean;
  readonly reading: Reading;
}

export type Restacked =
  | { readonly is: "restacked"; readonly record: ModuleRecord }
  | { readonly is: "as it was"; readonly record: ModuleRecord }
  | { readonly is: "refused"; readonly conflicts: readonly Conflict[] };

/**
 * Say of a module that it stands on another base, if it hides nothing that has changed there and holds no state of dpkg. The
 * squashfs is not touched; the old record stays until the new one takes its place.
 */
export async function restack({ module: named, onto, places, strict, reading }: Restacking): Promise<Restacked> {
  const module = modulePathOf(named);
  const record = await believedRecord(module, reading);
  const below = onto.modules.map(({ sha256 }) => sha256);
  // Two modules may have the same bytes; but one that never stood on itself shall not begin to.
  if (below.includes(record.sha256) && !record.below.includes(record.sha256))
    throw new Failure("usage", `${module} is part of the base that it is to stand on`);
  const next = { ...record, chain: `${onto.chain}-${record.name}`, below, ...parentOf(below) };
  if (renderRecord(next) === renderRecord(record)) return { is: "as it was", record };
  const conflicts = await judged({ module, record, onto, places, strict, reading });
  if (conflicts.length > 0) return { is: "refused", conflicts };
  await replace(recordPathOf(module), renderRecord(next));
  return { is: "restacked", record: next };
}

const parentOf = (below: readonly string[]): Pick<ModuleRecord, "parent"> => {
  const parent = below.at(-1);
  return parent === undefined ? {} : { parent };
};

/** A module's record, if the module is what it says. */
export async function believedRecord(module: string, { sums }: Pick<Reading, "sums">): Promise<ModuleRecord> {
  const remedy = "a module is a .squashfs with a .module beside it, which says what it stands on: name the .squashfs";
  if (!module.endsWith(".squashfs")) throw new Failure("usage", `${module} is no .squashfs`, { remedy });
  const file = recordPathOf(module);
  for (const each of [module, file])
    if (!(await exists(each))) throw new Failure("usage", `${each} is not there`, { remedy });
  const record = parseRecord(await readText(file), file);
  if ((await sums.of(module)) === record.sha256) return record;
  throw new Failure("verification-failed", `${module} is not the module that ${file} tells of: its sha256 is another`, {
    remedy: "take both from the same place again",
  });
}

type Judging = Omit<Restacking, "onto"> & { readonly onto: Base; readonly record: ModuleRecord };

async function judged({ module, record, onto, places, strict, reading }: Judging): Promise<readonly Conflict[]> {
  const own = await readBack(module, reading.signal);
  const found = await findModules(record.below, { ...places, known: onto.modules }, reading);
  const read = reader(reading);
  const old = found.filter((each) => each !== undefined);
  const after = await read(onto.modules);
  if (old.length === found.length) return conflictsOf(own, { old: await read(old), new: after });
  if (strict) return strictConflictsOf(own, after);
  const gone = record.below.filter((_, at) => found[at] === undefined);
  throw new Failure(
    "refused",
    [
      `the base that ${module} was made on (${baseChainOf(record)}) cannot be found, so nobody can tell what has changed since; these modules of it are missing:`,
      ...gone,
    ].join("\n  "),
    { remedy: "name a folder or an ISO that has them with --from, or refuse every path that both have with --strict" },
  );
}

/** Manifests of modules, each read once, and only if it is the one that is meant. */
function reader({ sums, signal }: Reading) {
  const known = new Map<string, ReturnType<typeof readBack>>();
  const one = async ({ sha256, file }: BaseModule): ReturnType<typeof readBack> => {
    const path = await file();
    if ((await sums.of(path)) !== sha256)
      throw new Failure("verification-failed", `${path} is not what it was: its sha256 should be ${sha256}`);
    return readBack(path, signal);
  };
  return async (modules: readonly BaseModule[]) => {
    const all: Awaited<ReturnType<typeof readBack>>[] = [];
    for (const module of modules) {
      const manifest = known.get(module.sha256) ?? one(module);
      known.set(module.sha256, manifest);
      all.push(await manifest);
    }
    return all;
  };
}

/** Replace a small file so that whoever reads it sees the old or the new, and the new survives a power cut. */
export async function replace(path: string, text: string): Promise<void> {
  const draft = `${path}.partial`;
  await write(draft, text);
  await using file = await open(draft, "r+");
  await file.sync();
  await publish(draft, path);
}
