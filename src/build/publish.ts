import { mkdir, open, rm, stat } from "node:fs/promises";
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
    [...made, log].map(async ({ path, name }) => {
      const to = join(folder, name);
      return { name, to, arrived: await published(path, to, { ...site, fresh: path === log.path }) };
    }),
  );
  for (const { to, arrived } of all)
    site.report({ kind: "artefact", path: to, bytes: arrived.bytes, sha256: arrived.sha256 });
  const names = all.map(({ name }) => name);
  await relist(
    folder,
    names,
    all.flatMap(({ name, arrived }) => linesOf(name, arrived)),
  );
  return made.map(({ name }) => join(folder, name));
}

async function published(path: string, to: string, site: Site & { readonly fresh: boolean }): Promise<Arrived> {
  if ((await stat(path)).isDirectory()) return publishFolder(path, to, site);
  return await (site.fresh ? copied(path, to, site) : arrive(path, to, site));
}

/** What lies there as an earlier build left it, of the same file, is not copied again. */
async function arrive(from: string, to: string, site: Site): Promise<Arrived> {
  const memory = new Memory(site.cache.root);
  const pair = async (): Promise<readonly unknown[]> => ["copied", await fileState(from), await fileState(to)];
  const before = await memory.recall(await pair(), () => Promise.resolve(undefined));
  if (before !== undefined) return { bytes: (await stat(to)).size, sha256: before };
  const arrived = await copied(from, to, site);
  await memory.recall(await pair(), () => Promise.resolve(arrived.sha256));
  return arrived;
}

/**
 * A file gets its final name when all of it is on the disk, and never before. Its digest is that of what was made: should the copy
 * be another one day, the list says so.
 */
async function copied(from: string, to: string, { cache, signal }: Site): Promise<Arrived> {
  const partial = `${to}.partial`;
  try {
    await copy(from, partial, signal);
    const [sha256 = ""] = await cache.digests.of(from, ["sha256"]);
    const { size } = await stat(partial);
    await using file = await open(partial, "r+");
    await file.sync();
    await publish(partial, to);
    return { bytes: size, sha256 };
  } finally {
    await rm(partial, { force: true });
  }
}
