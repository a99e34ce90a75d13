import { stat } from "node:fs/promises";
import { join } from "node:path";
import { folderSums } from "../medium.ts";
import { digestsOf } from "../system/digests.ts";
import { write } from "../system/files.ts";
import { filesIn, type Digests } from "./checksums.ts";

/** Write the checksums of all that is in a folder. `known` are digests by path. */
export async function writeFolderSums(
  folder: string,
  known: ReadonlyMap<string, Digests>,
  signal: AbortSignal,
): Promise<void> {
  await write(join(folder, folderSums), await folderSumsOf(folder, known, signal));
}

/** The list that is right for a folder as it is, as sha256sum(1) reads it. */
export async function folderSumsOf(
  folder: string,
  known: ReadonlyMap<string, Digests>,
  signal: AbortSignal,
): Promise<string> {
  const lines: string[] = [];
  for (const path of await filesIn(folder)) {
    if (path === folderSums) continue;
    signal.throwIfAborted();
    const [sha256 = ""] = known.has(path) ? [known.get(path)?.sha256] : await digestsOf(join(folder, path), ["sha256"]);
    lines.push(`${sha256}  ${path}\n`);
  }
  return lines.join("");
}

/** How many bytes all files in a folder have. */
export async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesIn(folder)).map(async (path) => (await stat(join(folder, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
