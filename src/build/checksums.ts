import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { readText, write } from "../system/files.ts";
import { inTurns } from "../system/in-turns.ts";
import type { KnownDigests } from "../system/known-digests.ts";

/** Lists that check a medium: sha256sum(1)'s, and md5sum(1)'s, which debian-installer's checker reads. */
const lists = { sha256: "sha256sum.txt", md5: "md5sum.txt" } as const;

/** A file's digests, as the lists have them. */
export type Digests = Readonly<Record<keyof typeof lists, string>>;

export async function checksumsOf(path: string, digests: KnownDigests): Promise<Digests> {
  const [sha256 = "", md5 = ""] = await digests.of(path, ["sha256", "md5"]);
  return { sha256, md5 };
}

/** Digests that a stage left for others. */
export const readDigests = async (path: string): Promise<Digests> => JSON.parse(await readText(path)) as Digests;

/** Files at once: most are small, and looking at one takes longer than reading it. */
const atOnce = 8;

/** Write both lists over all files of a medium's tree but those the ISO writer patches, and the lists themselves. */
export async function checksums(
  tree: string,
  {
    except,
    known,
    digests,
    signal,
  }: {
    readonly except: readonly string[];
    /** By path in the tree. */
    readonly known: ReadonlyMap<string, Digests>;
    readonly digests: KnownDigests;
    readonly signal: AbortSignal;
  },
): Promise<void> {
  const left = new Set<string>([...except, ...Object.values(lists)]);
  const listed = (await filesIn(tree)).filter((path) => !left.has(path));
  const found = await inTurns(listed, atOnce, async (path) => {
    signal.throwIfAborted();
    return [path, known.get(path) ?? (await checksumsOf(join(tree, path), digests))] as const;
  });
  for (const algorithm of ["sha256", "md5"] as const)
    await write(
      join(tree, lists[algorithm]),
      found.map(([path, digests]) => `${digests[algorithm]}  ./${path}\n`).join(""),
    );
}

/** Paths of all files below a folder, sorted. */
export async function filesIn(tree: string): Promise<readonly string[]> {
  const found = await readdir(tree, { recursive: true, withFileTypes: true });
  return found
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(tree.length + 1))
    .sort();
}
