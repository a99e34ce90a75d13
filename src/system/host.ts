import { accessSync, constants, lstatSync, realpathSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { totalmem } from "node:os";
import { join } from "node:path";

/** Where tools are looked for. Administration tools live in sbin, which an ordinary user's PATH lacks on Debian. */
const searchPath = (): readonly string[] => [
  ...(process.env["PATH"] ?? "/usr/bin:/bin").split(":"),
  "/usr/sbin",
  "/sbin",
];

/** The file that starts when `name` is run, or nothing. Asking the kernel at once is much quicker than asking aside. */
export function findTool(name: string): string | undefined {
  const candidates = name.includes("/") ? [name] : searchPath().map((folder) => join(folder, name));
  return candidates.find(isProgram);
}

function isProgram(path: string): boolean {
  try {
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return false;
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    // Absent or not executable: the next folder may have it.
    return false;
  }
}

/** Where a path leads after all links, or nothing if it leads nowhere. */
export function trueFile(path: string): string | undefined {
  try {
    return realpathSync.native(path);
  } catch {
    return undefined;
  }
}

export const exists = (path: string): boolean => trueFile(path) !== undefined;

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
export function fileState(path: string): readonly string[] | undefined {
  const real = trueFile(path);
  if (real === undefined) return undefined;
  const { dev, ino, mode, size, mtimeNs, ctimeNs } = lstatSync(real, { bigint: true });
  return [real, ...[dev, ino, mode, size, mtimeNs, ctimeNs].map(String)];
}

/** The same of the program that starts when `tool` is run. */
export function toolState(tool: string): readonly string[] | undefined {
  const path = findTool(tool);
  return path === undefined ? undefined : fileState(path);
}
