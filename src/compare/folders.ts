import { createHash } from "node:crypto";
import { folderSumsOf } from "../build/folder.ts";
import type { Difference } from "./difference.ts";

/** What a netboot folder is known by: the digest of the checksums that its files have as they are, whatever its own list says. */
export const folderDigest = async (folder: string, signal: AbortSignal): Promise<string> =>
  createHash("sha256")
    .update(await folderSumsOf(folder, new Map(), signal))
    .digest("hex");

/** Which files of two netboot folders are not the same. */
export async function compareFolders({
  published,
  rebuilt,
  signal,
}: {
  readonly published: string;
  readonly rebuilt: string;
  readonly signal: AbortSignal;
}): Promise<readonly Difference[]> {
  const [ours, theirs] = [await sumsOf(published, signal), await sumsOf(rebuilt, signal)];
  return [...new Set([...ours.keys(), ...theirs.keys()])].sort().flatMap((path): readonly Difference[] => {
    const [was, is] = [ours.get(path), theirs.get(path)];
    if (was === is) return [];
    const what = was === undefined || is === undefined ? "presence" : "content";
    return [
      {
        path: `/${path}`,
        changes: [
          { what, ...(was === undefined ? {} : { published: was }), ...(is === undefined ? {} : { rebuilt: is }) },
        ],
      },
    ];
  });
}

async function sumsOf(folder: string, signal: AbortSignal): Promise<ReadonlyMap<string, string>> {
  const lines = (await folderSumsOf(folder, new Map(), signal)).split("\n").filter((line) => line !== "");
  return new Map(lines.map((line) => [line.slice(66), line.slice(0, 64)]));
}
