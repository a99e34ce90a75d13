import { copyFile, rename, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Artefact } from "../plan/stage.ts";
import { exists } from "../system/files.ts";
import { fileState } from "../system/host.ts";
import { Memory } from "../system/memory.ts";
import { together } from "../system/together.ts";
import { isOf, linesOf, listedIn, relist } from "./artefact-list.ts";
import type { Made } from "./build.ts";
import { Copies } from "./copies.ts";
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

/** Copy artefacts out of the cache under their final names, with the build's log and the list of their sums. Returns their paths. */
export async function publishArtefacts(made: readonly Made[], folder: string, site: Site): Promise<readonly string[]> {
  await using copies = new Copies(folder, site);
  return await publishCopies(made, copies);
}

/** The same, with copies of some of them begun already. */
export async function publishCopies(made: readonly Made[], copies: Copies): Promise<readonly string[]> {
  const { folder, site } = copies;
  await copies.enter();
  const log = { path: site.logFile, name: `${(made[0]?.name ?? "build").replace(/\.(iso|netboot)$/, "")}.log` };
  const all = await together(
    [...made, log].map(async ({ path, name }) => ({
      ...{ path, name, to: join(folder, name) },
      isFolder: (await stat(path)).isDirectory(),
    })),
  );
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
    const bring = (name: string, path: string): Promise<Place> =>
      path === log.path ? rewritten(name, path, copies) : remembered(name, path, copies);
    const files = all.filter(({ isFolder }) => !isFolder);
    const ready = await together(files.map(async (file) => ({ ...file, place: await bring(file.name, file.path) })));
    for (const { name, to, place } of ready) await arrive(name, to, place);
  } finally {
    const names = all.map(({ name }) => name).filter((name) => sums.has(name));
    if (names.length > 0)
      await relist(
        folder,
        names,
        names.flatMap((name) => sums.get(name) ?? []),
      );
  }
  return made.map(({ name }) => join(folder, name));
}

/** Gives what was brought into the folder its final name. */
type Place = () => Promise<Arrived>;

/** What lies there as an earlier build left it, of the same file, is not copied again. */
async function remembered(name: string, from: string, copies: Copies): Promise<Place> {
  const to = join(copies.folder, name);
  const memory = new Memory(copies.site.cache.root);
  const pair = (): readonly unknown[] => ["copied", fileState(from), fileState(to)];
  const before = await memory.recall(pair(), () => Promise.resolve(undefined));
  if (before !== undefined) return async () => ({ bytes: (await stat(to)).size, sha256: before });
  await copies.of(name, from);
  const place = await brought(name, from, copies);
  return async () => {
    const arrived = await place();
    await memory.recall(pair(), () => Promise.resolve(arrived.sha256));
    return arrived;
  };
}

/** What is another each time, and small: it is copied before a program that does so would have started. */
async function rewritten(name: string, from: string, copies: Copies): Promise<Place> {
  await copies.of(name, from, (source, to) => copyFile(source, to));
  return await brought(name, from, copies);
}

/**
 * A file gets its final name when all of it is on the disk, and never before; that the name is there too, the list sees to, which
 * is written after all names are given. The digest is that of what was made: should the copy be another one day, the list says so.
 */
async function brought(name: string, from: string, copies: Copies): Promise<Place> {
  const [sha256 = ""] = await copies.site.cache.digests.of(from, ["sha256"]);
  const { size } = await stat(copies.partial(name));
  return async () => {
    await rename(copies.partial(name), join(copies.folder, name));
    return { bytes: size, sha256 };
  };
}
