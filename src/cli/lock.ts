import { relative } from "node:path";
import { printLock, type Lock } from "../archive/lock.ts";
import { changes } from "../archive/lock-changes.ts";
import { build } from "../build/build.ts";
import { openLog } from "../build/log.ts";
import { wantedIn } from "../plan/places.ts";
import { publish, readText, write } from "../system/files.ts";
import { lockFileOf, readLock } from "./lock-file.ts";
import type { LockOptions } from "./options.ts";
import { prepare, siteOf } from "./prepare.ts";
import type { Session } from "./session.ts";

/**
 * Write a recipe's lock, or move it, and say what changed. Which packages a layer takes is known once those below are there,
 * so the layers are built; a build that follows finds them in the cache.
 */
export async function lock(name: string, options: LockOptions, session: Session): Promise<void> {
  const prepared = await prepare(name, { ...options, unlocked: options.update }, session);
  const { recipe } = prepared.loaded;
  await using log = await openLog(prepared.cache.root, recipe.name);
  const site = siteOf(prepared, log, { ...session, keepFailed: false });
  const artefacts = wantedIn(prepared.plan.stages).map((place) => ({ place, name: "wanted" }));
  const lists = await build({ ...prepared.plan, artefacts }, site, (made) =>
    Promise.all(made.map(({ path }) => readText(path))),
  );
  const after = await prepared.archive.lockOf(recipe.suite, lists);
  const file = lockFileOf(prepared.loaded);
  const before = options.update ? await readLock(file).catch(() => undefined) : prepared.lock;
  await write(`${file}.partial`, printLock(after));
  await publish(`${file}.partial`, file);
  const changed = changes(before, after);
  session.print([...changed, `${relative(process.cwd(), file)}: ${summary(after, changed.length)}`, ""].join("\n"));
}

const summary = ({ packages }: Lock, changed: number): string => {
  const count = new Set(packages.map(({ sha256 }) => sha256)).size;
  return `${String(count)} packages${changed === 0 ? ", nothing changed" : ""}`;
};
