import { mkdir, rm } from "node:fs/promises";
import { basename, join } from "node:path";
import { execa } from "execa";

/** Copy one file of an ISO into a folder and return its path there. */
export async function extracted(iso: string, path: string, folder: string): Promise<string> {
  const to = join(folder, "extracted", basename(path));
  await mkdir(join(folder, "extracted"), { recursive: true });
  await rm(to, { force: true });
  await execa("osirrox", ["-indev", iso, "-extract", path, to]);
  return to;
}

/** The shortest path among those that match: kernels may lie there under several names. */
export async function found(iso: string, folder: string, pattern: string): Promise<string> {
  const { stdout } = await execa("xorriso", ["-indev", iso, "-find", folder, "-name", pattern]);
  const paths = stdout.split("\n").flatMap((line) => /^'(.+)'$/.exec(line)?.[1] ?? []);
  const [path] = paths.sort((a, b) => a.length - b.length);
  if (path === undefined) throw new Error(`${iso} has no ${folder}/${pattern}`);
  return path;
}
