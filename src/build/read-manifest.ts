import { readText } from "../system/files.ts";
import type { ManifestEntry } from "./tar/manifest.ts";

/** What a tar was made of, as `Recorder` wrote it. */
export async function readManifest(path: string): Promise<ManifestEntry[]> {
  const lines = (await readText(path)).split("\n");
  return lines.filter((line) => line !== "").map((line) => JSON.parse(line) as ManifestEntry);
}
