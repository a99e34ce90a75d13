import { rename } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { folderSums } from "../medium.ts";
import { digestsOf } from "../system/digests.ts";
import { copy, exchange, exists, publish, readText, removeTree } from "../system/files.ts";
import { fileState } from "../system/host.ts";
import { Memory } from "../system/memory.ts";
import { run } from "../system/process.ts";
import { filesIn } from "./checksums.ts";
import { bytesIn } from "./folder.ts";
import type { Site } from "./site.ts";

/** What lies in the output folder now. */
export interface Arrived {
  readonly bytes: number;
  /** Of a folder, that of the list of its checksums. */
  readonly sha256: string;
  /** Digest and path of each file of a folder. */
  readonly inside?: readonly (readonly [sha256: string, path: string])[];
}

/**
 * Copy a folder out of the cache, read it back, and only then put it where the former one was: a server finds the one or the
 * other there, and the former is removed after that. What lies there as an earlier build left it stays. The caller holds the
 * lock of the folder around it.
 */
export async function publishFolder(from: string, to: string, site: Site): Promise<Arrived> {
  const { cache } = site;
  const memory = new Memory(cache.root);
  const pair = async (): Promise<readonly unknown[]> => ["copied folder", await treeState(from), await treeState(to)];
  const before = await memory.recall(await pair(), () => Promise.resolve(undefined));
  if (before === undefined) {
    await replace(from, to, site);
    await memory.recall(await pair(), () => Promise.resolve("whole"));
  }
  return { bytes: await bytesIn(to), ...(await sumsOf(to)) };
}

/** What a folder's own list of checksums says, and the sum of that list. */
export async function sumsOf(folder: string): Promise<Required<Pick<Arrived, "sha256" | "inside">>> {
  const [sha256 = ""] = await digestsOf(join(folder, folderSums), ["sha256"]);
  return { sha256, inside: [...(await sumsIn(folder)), [sha256, folderSums]] };
}

async function replace(from: string, to: string, { signal }: Site): Promise<void> {
  const [partial, former] = [`${to}.partial`, `${to}.former`];
  const clear = async (): Promise<void> => {
    // Who ends between two renames leaves the only folder there is under this name.
    if (!(await exists(to)) && (await exists(former))) await rename(former, to);
    for (const path of [partial, former]) await removeTree(path);
  };
  await clear(); // Another build may have been killed.
  try {
    await copy(from, partial, signal);
    await readBack(partial, signal);
    await run({ tool: "sync", args: ["--file-system", partial], signal });
    if ((await exists(to)) && (await exchange(partial, to, signal))) return;
    // Where names cannot change places, a server finds nothing there for the time between two renames.
    if (await exists(to)) await rename(to, former);
    await publish(partial, to);
  } finally {
    await clear();
  }
}

async function readBack(folder: string, signal: AbortSignal): Promise<void> {
  for (const [expected, path] of await sumsIn(folder)) {
    signal.throwIfAborted();
    const [real] = await digestsOf(join(folder, path), ["sha256"]);
    if (real !== expected)
      throw new Failure("verification-failed", `${join(folder, path)} is not what was copied there`, {
        remedy: "look for a full disk or failing memory, then build again",
      });
  }
}

async function sumsIn(folder: string): Promise<readonly (readonly [string, string])[]> {
  const lines = (await readText(join(folder, folderSums))).split("\n").filter((line) => line !== "");
  return lines.map((line) => [line.slice(0, 64), line.slice(66)]);
}

/** What tells one state of a folder's files from another without reading them. */
async function treeState(folder: string): Promise<readonly unknown[]> {
  if (!(await exists(folder))) return [];
  return (await filesIn(folder)).map((path) => [path, fileState(join(folder, path))]);
}
