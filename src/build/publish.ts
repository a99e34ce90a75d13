import { copyFile, mkdir, open, rm, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Artefact } from "../plan/stage.ts";
import { copy, exists, publish } from "../system/files.ts";
import { fileState } from "../system/host.ts";
import { lock } from "../system/lock.ts";
import { Memory } from "../system/memory.ts";
import { together } from "../system/together.ts";
import { isOf, linesOf, listedIn, relist } from "./artefact-list.ts";
import type { Made } from "./build.ts";
import { publishFolder, type Arrived } from "./publish-folder.ts";
import type { Site } from "./site.ts";

/** Refuse to write over what another hand put into the output folder, before any work is done. */
export async function refuseStrangers(folder: string, artefacts: readonly Artefact[]): Promise<void> {
  const ours = await listedIn(folder);
  for (const { name } of artefacts) {
    const known = ours.some((line) => isOf(line, name));
    if (known || !(await exists(join(folder, name)))) continue;
    throw new Failure("refused", `${join(folder, name)} is there already and was not made by livewright`, {
      remedy: "move it away, or name another folder with -o",
    });
  }
}

/**
 * Copy artefacts out of the cache under their final names, with the build's log and the list of their sums. Returns their paths.
 * Whoever else writes to the folder, or changes a netboot folder in it (livewright stack), has its turn before or after.
 */
export async function publishArtefacts(made: readonly Made[], folder: string, site: Site): Promise<readonly string[]> {
  await mkdir(folder, { recursive: true });
  await using _held = await lock(folder, site.signal, () => {
    site.report({ kind: "note", text: `waiting for another livewright that writes to ${folder}` });
  });
  const log = { path: site.logFile, name: `${(made[0]?.name ?? "build").replace(/\.(iso|netboot)$/, "")}.log` };
  const all = await together(
    [...made, log].map(async ({ path, name }) => ({
      ...{ path, name, to: join(folder, name) },
      isFolder: (await stat(path)).isDirectory(),
    })),
  );
  const files = all.filter(({ isFolder }) => !isFolder);
  const sums = new Map<string, readonly string[]>();
  const arrive = async (name: string, to: string, place: Place): Promise<void> => {
    const arrived = await place();
    sums.set(name, linesOf(name, arrived));
    site.report({ kind: "artefact", path: to, bytes: arrived.bytes, sha256: arrived.sha256 });
  };
  try {
    for (const { path, name, to, isFolder } of all)
      if (isFolder) await arrive(name, to, () => publishFolder(path, to, site));
    // Copies are made side by side, names are given one after the other, and whatever has one is in the list.
    const bring = (path: string, to: string): Promise<Place> =>
      path === log.path ? rewritten(path, to, site) : remembered(path, to, site);
    const ready = await together(files.map(async (file) => ({ ...file, place: await bring(file.path, file.to) })));
    for (const { name, to, place } of ready) await arrive(name, to, place);
  } finally {
    const names = all.map(({ name }) => name).filter((name) => sums.has(name));
    if (names.length > 0)
      await relist(
        folder,
        names,
        names.flatMap((name) => sums.get(name) ?? []),
      );
    for (const { to } of files) await rm(partial(to), { force: true });
  }
  return made.map(({ name }) => join(folder, name));
}

/** Gives what was brought into the folder its final name. */
type Place = () => Promise<Arrived>;

/** What lies there as an earlier build left it, of the same file, is not copied again. */
async function remembered(from: string, to: string, site: Site): Promise<Place> {
  const memory = new Memory(site.cache.root);
  const pair = (): readonly unknown[] => ["copied", fileState(from), fileState(to)];
  const before = await memory.recall(pair(), () => Promise.resolve(undefined));
  if (before !== undefined) return async () => ({ bytes: (await stat(to)).size, sha256: before });
  const place = await copied(from, to, site);
  return async () => {
    const arrived = await place();
    await memory.recall(pair(), () => Promise.resolve(arrived.sha256));
    return arrived;
  };
}

const partial = (to: string): string => `${to}.partial`;

async function copied(from: string, to: string, site: Site): Promise<Place> {
  await copy(from, partial(to), site.signal);
  return await brought(from, to, site);
}

/** What is another each time, and small: it is copied before a program that does so would have started. */
async function rewritten(from: string, to: string, site: Site): Promise<Place> {
  await copyFile(from, partial(to));
  return await brought(from, to, site);
}

/**
 * A file gets its final name when all of it is on the disk, and never before. Its digest is that of what was made: should the copy
 * be another one day, the list says so.
 */
async function brought(from: string, to: string, { cache }: Site): Promise<Place> {
  const [sha256 = ""] = await cache.digests.of(from, ["sha256"]);
  await using file = await open(partial(to), "r+");
  await file.sync();
  const { size } = await file.stat();
  return async () => {
    await publish(partial(to), to);
    return { bytes: size, sha256 };
  };
}
