import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { capture, run } from "../src/system/process.ts";
import type { Workshop } from "./workshop.ts";

/** Where files are copied to, and until when. */
type Place = Pick<Workshop, "folder" | "signal">;

/** Copy one file of an ISO into a folder and return its path there. */
export async function extracted(iso: string, path: string, { folder, signal }: Place): Promise<string> {
  const to = join(folder, "extracted", basename(path));
  await mkdir(join(folder, "extracted"), { recursive: true });
  await rm(to, { force: true });
  await run({ tool: "osirrox", args: ["-indev", iso, "-extract", path, to], signal });
  return to;
}

/** The shortest path in `/live` among those that match: kernels may lie there under several names. */
export async function found(iso: string, pattern: string, { signal }: Place): Promise<string> {
  const args = ["-indev", iso, "-find", "/live", "-name", pattern];
  const paths = (await capture({ tool: "xorriso", args, signal }))
    .split("\n")
    .flatMap((line) => /^'(.+)'$/.exec(line)?.[1] ?? []);
  const [path] = paths.sort((a, b) => a.length - b.length);
  if (path === undefined) throw new Error(`${iso} has no /live/${pattern}`);
  return path;
}
