import { stat } from "node:fs/promises";
import { join } from "node:path";
import { folderSums } from "../medium.ts";
import { digestsOf, write } from "../system/files.ts";
import { filesIn, type Digests } from "./checksums.ts";

/** Write the checksums of all that is in a folder, as sha256sum(1) reads them. `known` are digests by path. */
export async function writeFolderSums(
  folder: string,
  known: ReadonlyMap<string, Digests>,
  signal: AbortSignal,
): Promise<void> {
  const lines: string[] = [];
  for (const path of await filesIn(folder)) {
    if (path === folderSums) continue;
    signal.throwIfAborted();
    const [sha256 = ""] = known.has(path) ? [known.get(path)?.sha256] : await digestsOf(join(folder, path), ["sha256"]);
    lines.push(`${sha256}  ${path}\n`);
  }
  await write(join(folder, folderSums), lines.join(""));
}

/** How many bytes all files in a folder have. */
export async function bytesIn(folder: string): Promise<number> {
  const sizes = await Promise.all((await filesIn(folder)).map(async (path) => (await stat(join(folder, path))).size));
  return sizes.reduce((sum, size) => sum + size, 0);
}
