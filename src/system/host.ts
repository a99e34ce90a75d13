import { constants, statSync } from "node:fs";
import { access, lstat, readFile, realpath } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";

/** Where tools are looked for. Administration tools live in sbin, which an ordinary user's PATH lacks on Debian. */
const searchPath = (): readonly string[] => [
  ...(process.env["PATH"] ?? "/usr/bin:/bin").split(":"),
  "/usr/sbin",
  "/sbin",
];

/** The file that starts when `name` is run, or nothing. */
export async function findTool(name: string): Promise<string | undefined> {
  const candidates = name.includes("/") ? [name] : searchPath().map((folder) => join(folder, name));
  for (const candidate of candidates) if (await isProgram(candidate)) return candidate;
  return undefined;
}

async function isProgram(path: string): Promise<boolean> {
  try {
    // Most places that are looked at hold nothing, and asking at once is much quicker than asking aside.
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    await access(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not executable: the next folder may have it.
    return false;
  }
}

/** Where a path leads after all links, or nothing if it leads nowhere. */
export async function trueFile(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch {
    return undefined;
  }
}

export async function exists(path: string): Promise<boolean> {
  return (await trueFile(path)) !== undefined;
}

/** The first word of a file under /proc or /sys as a number, or nothing if there is no such file. */
async function kernelNumber(path: string): Promise<number | undefined> {
  try {
    return Number.parseInt(await readFile(path, "utf8"), 10);
  } catch {
    // The kernel was built without it.
    return undefined;
  }
}

/** Bytes of memory this machine, or the control group we live in, may use. */
export async function memory(): Promise<number> {
  const limit = await kernelNumber("/sys/fs/cgroup/memory.max");
  return limit === undefined || Number.isNaN(limit) ? totalmem() : Math.min(limit, totalmem());
}

export const isRoot = (): boolean => process.geteuid?.() === 0;

/** What tells one state of a file from another without reading it, or nothing if there is no such file. */
export async function fileState(path: string): Promise<readonly string[] | undefined> {
  const real = await trueFile(path);
  if (real === undefined) return undefined;
  const { dev, ino, mode, size, mtimeNs, ctimeNs } = await lstat(real, { bigint: true });
  return [real, ...[dev, ino, mode, size, mtimeNs, ctimeNs].map(String)];
}

/** The same of the program that starts when `tool` is run. */
export async function toolState(tool: string): Promise<readonly string[] | undefined> {
  const path = await findTool(tool);
  return path === undefined ? undefined : fileState(path);
}
