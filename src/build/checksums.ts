import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { digestsOf, write } from "../system/files.ts";

/** Lists that check a medium: sha256sum(1)'s, and md5sum(1)'s, which debian-installer's checker reads. */
const lists = { sha256: "sha256sum.txt", md5: "md5sum.txt" } as const;

/** Write both lists over all files of a medium's tree but those the ISO writer patches, and the lists themselves. */
export async function checksums(tree: string, except: readonly string[], signal: AbortSignal): Promise<void> {
  const left = new Set<string>([...except, ...Object.values(lists)]);
  const algorithms = Object.keys(lists);
  const lines = new Map<string, string[]>(algorithms.map((algorithm) => [algorithm, []]));
  for (const path of await filesIn(tree)) {
    if (left.has(path)) continue;
    signal.throwIfAborted();
    const digests = await digestsOf(join(tree, path), algorithms);
    for (const [at, algorithm] of algorithms.entries()) lines.get(algorithm)?.push(`${digests[at] ?? ""}  ./${path}\n`);
  }
  for (const [algorithm, name] of Object.entries(lists))
    await write(join(tree, name), (lines.get(algorithm) ?? []).join(""));
}

async function filesIn(tree: string): Promise<readonly string[]> {
  const found = await readdir(tree, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .sort();
}
