import { constants } from "node:fs";
import {
  appendFile,
  chmod,
  copyFile,
  link as linkFile,
  lstat,
  mkdir,
  open,
  readdir,
  readFile,
  rename,
  stat,
  utimes,
  writeFile,
} from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { findTool } from "./host.ts";
import { mountsAt } from "./mounts.ts";
import { run } from "./process.ts";

export const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    (error: unknown) => {
      if (isCode(error, "ENOENT") || isCode(error, "ENOTDIR")) return false;
      throw error;
    },
  );

export const isCode = (error: unknown, code: string): boolean =>
  error instanceof Error && "code" in error && error.code === code;

export const readText = (path: string): Promise<string> => readFile(path, "utf8");

export async function write(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, text).catch(spaceFailure(path));
}

/** Say by its time that something is used, for those who look for the least recently used; unless it is gone, or not ours. */
export async function noteUse(path: string): Promise<void> {
  const now = new Date();
  await utimes(path, now, now).catch((error: unknown) => {
    if (!["EPERM", "EACCES", "EROFS", "ENOENT"].some((code) => isCode(error, code))) throw error;
  });
}

/** Copy a file or what is in a folder; holes stay holes, and a filesystem that can shares the bytes. */
export const copy = (from: string, to: string, signal: AbortSignal): Promise<void> => copyAll([{ from, to }], signal);

/** The same of several, one after the other, as one program: to start one takes longer than to copy what is small. */
export async function copyAll(
  copies: readonly { readonly from: string; readonly to: string }[],
  signal: AbortSignal,
): Promise<void> {
  for (const { from, to } of copies) {
    const folder = (await stat(from)).isDirectory();
    await mkdir(folder ? to : dirname(to), { recursive: true });
  }
  const cp = ["cp", "--archive", "--no-target-directory", "--reflink=auto", "--sparse=auto", "--"] as const;
  const paths = copies.flatMap(({ from, to }) => [from, to]);
  const [tool, ...args] = copies.length === 1 ? cp : (["sh", "-euc", eachPair(cp), "cp"] as const);
  await run({ tool, args: [...args, ...paths], signal });
}

/** Shell words that start a program with two of the script's arguments at a time. */
const eachPair = (program: readonly string[]): string =>
  `while [ $# -gt 0 ]; do ${program.join(" ")} "$1" "$2"; shift 2; done`;

/** Give a file one more name, or every file in a folder. */
export async function link(from: string, to: string): Promise<void> {
  if (!(await lstat(from)).isDirectory()) {
    await mkdir(dirname(to), { recursive: true });
    return linkFile(from, to);
  }
  await mkdir(to, { recursive: true });
  for (const name of await readdir(from)) await link(join(from, name), join(to, name));
}

/** Append files to each other, each padded with zeros to a multiple of four bytes. */
export async function concatenate([first, ...others]: readonly [string, ...string[]], to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  const padded = async (length: number, bytes: Buffer): Promise<void> =>
    await appendFile(to, Buffer.concat([Buffer.alloc((4 - (length % 4)) % 4), bytes]));
  try {
    // The first is the large one, and the kernel copies it.
    await copyFile(first, to, constants.COPYFILE_FICLONE);
    await chmod(to, 0o644);
    let { size } = await stat(to);
    for (const file of others) {
      const bytes = await readFile(file);
      await padded(size, bytes);
      size = bytes.length;
    }
    await padded(size, Buffer.alloc(0));
  } catch (error) {
    spaceFailure(to)(error);
  }
}

/**
 * Remove a tree, but never what is mounted in it. rm stops at other filesystems, not at a folder of the same one bound there.
 * Without a signal nothing stops it: that is for tidying up.
 */
export async function removeTree(path: string, signal = new AbortController().signal): Promise<void> {
  const [mounted] = (await exists(path)) ? await mountsAt(path) : [];
  if (mounted !== undefined)
    throw new Failure("refused", `${path} is not removed, for ${mounted} is mounted in it`, {
      remedy: `umount ${mounted}; rm -r --one-file-system ${path}`,
    });
  await run({ tool: "rm", args: ["--recursive", "--force", "--one-file-system", "--", path], signal });
}

/** Give a file or folder its final name, after all that was written is on the disk. */
export async function publish(from: string, to: string): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await rename(from, to);
  await using folder = await open(dirname(to), "r");
  await folder.sync();
}

/** renameat2(2) by its number, which is all that perl knows of it; coreutils have `mv --exchange` only since 9.5. */
const renameat2: Readonly<Record<string, number>> = { x64: 316, arm64: 276 };
const exchanging = "exit(syscall($ARGV[0] + 0, -100, $ARGV[1], -100, $ARGV[2], 2) == 0 ? 0 : 1)";

/**
 * Let two files or folders of one filesystem change places, at no moment of which one of the names leads nowhere. False where
 * this machine or the filesystem cannot do that, and nothing has changed then.
 */
export async function exchange(one: string, other: string, signal: AbortSignal): Promise<boolean> {
  const number = renameat2[process.arch];
  if (number === undefined || findTool("perl") === undefined) return false;
  const args = ["-e", exchanging, String(number), one, other];
  if ((await run({ tool: "perl", args, signal, accept: [1] })) !== 0) return false;
  await using folder = await open(dirname(other), "r");
  await folder.sync();
  return true;
}

const spaceFailure =
  (path: string) =>
  (error: unknown): never => {
    if (isCode(error, "ENOSPC"))
      throw new Failure("no-space", `there is no room left to write ${path}`, { cause: error });
    throw error;
  };
