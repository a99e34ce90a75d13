import { lstat, readdir, stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { folderSums, recordPath, type MediumRecord } from "../medium.ts";
import { parseList, type ModuleList } from "../netboot/list.ts";
import { digestsOf } from "../system/digests.ts";
import { exists, isCode, readText } from "../system/files.ts";
import { isRoot } from "../system/host.ts";

/** What a netboot folder says of itself. */
export interface NetbootFolder {
  /** Its path, with all links followed. */
  readonly path: string;
  readonly record: MediumRecord;
  /** What guests may be told to fetch, by name. */
  readonly lists: ReadonlyMap<string, ModuleList>;
}

/** Read what a folder must have to be served; everything that is wrong with it is told at once. */
export const readFolder = (path: string): Promise<NetbootFolder> =>
  found(path).catch(async (error: unknown) => {
    if (isCode(error, "EACCES")) await refuseUnreadable(path);
    throw error;
  });

async function found(path: string): Promise<NetbootFolder> {
  const kind = await stat(path).catch((cause: unknown) => {
    throw new Failure("usage", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  if (!kind.isDirectory()) throw strange(path, "it is not a folder");
  const lacking = [
    ...((await exists(join(path, "lists"))) ? [] : ["no lists/"]),
    ...((await exists(join(path, recordPath))) ? [] : [`no ${recordPath}`]),
  ];
  if (lacking.length > 0) throw strange(path, `it has ${lacking.join(" and ")}`);
  const record = recordIn(await readText(join(path, recordPath)), join(path, recordPath));
  if ((record.format as number) !== 1)
    throw new Failure(
      "usage",
      `${path} was made by a newer livewright: its record has format ${String(record.format)}`,
    );
  const lists = await listsIn(join(path, "lists"));
  if (lists.size === 0) throw strange(path, "there is no list of modules in its lists/");
  return { path, record, lists };
}

function recordIn(text: string, path: string): MediumRecord {
  try {
    return JSON.parse(text) as MediumRecord;
  } catch (cause) {
    throw new Failure("verification-failed", `${path} is no JSON: ${(cause as Error).message}`, {
      remedy: "copy or build the folder again",
      cause,
    });
  }
}

async function listsIn(folder: string): Promise<ReadonlyMap<string, ModuleList>> {
  const names = (await readdir(folder)).filter((name) => /^[^.].*\.modules$/.test(name)).sort();
  const lists = new Map<string, ModuleList>();
  for (const name of names)
    lists.set(name.replace(/\.modules$/, ""), parseList(await readText(join(folder, name)), join(folder, name)));
  return lists;
}

const strange = (path: string, why: string): Failure =>
  new Failure("usage", `${path} is not a netboot folder: ${why}`, {
    remedy: "build one: a recipe with `media: [{kind: netboot}]`",
  });

/** Refuse a folder with files that not everybody on this machine may read: the servers work as nobody. */
export async function refuseUnreadable(path: string): Promise<void> {
  const shut = await unreadableIn(path);
  if (shut.length === 0) return;
  const more = shut.length > 5 ? ` and ${String(shut.length - 5)} more` : "";
  throw new Failure("usage", `not everybody may read ${shut.slice(0, 5).join(", ")}${more}`, {
    remedy: `${(await isOthers(shut)) ? "sudo " : ""}chmod --recursive a+rX ${path}`,
  });
}

/** What is in a folder that is shut is not looked for: we may be among those who cannot. */
async function unreadableIn(path: string): Promise<readonly string[]> {
  const kind = await lstat(path);
  if (kind.isSymbolicLink()) return [];
  const wanted = kind.isDirectory() ? 0o005 : 0o004;
  if ((kind.mode & wanted) !== wanted) return [path];
  if (!kind.isDirectory()) return [];
  const shut: string[] = [];
  for (const name of (await readdir(path)).sort()) shut.push(...(await unreadableIn(join(path, name))));
  return shut;
}

async function isOthers(paths: readonly string[]): Promise<boolean> {
  const owners = await Promise.all(paths.map(async (path) => (await lstat(path)).uid));
  return !isRoot() && owners.some((uid) => uid !== process.geteuid?.());
}

/** Refuse a folder that is not as its own list of sums says. */
export async function refuseSpoilt(path: string, signal: AbortSignal): Promise<void> {
  const wrong = await spoiltIn(path, signal);
  if (wrong.length === 0) return;
  throw new Failure("verification-failed", [`${path} is not as its ${folderSums} says:`, ...wrong].join("\n  "), {
    remedy: "copy or build it again",
  });
}

/** What in a folder is not as its own list of sums says, a phrase for each file. */
export async function spoiltIn(path: string, signal: AbortSignal): Promise<readonly string[]> {
  if (!(await exists(join(path, folderSums)))) return [`${folderSums} is missing, so nothing can be compared with it`];
  const rows = [...(await readText(join(path, folderSums))).matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/gm)];
  if (rows.length === 0) return [`${folderSums} names no file`];
  const wrong: string[] = [];
  for (const [, wanted, name = ""] of rows) {
    signal.throwIfAborted();
    const found = await digestOf(join(path, name));
    if (found !== wanted) wrong.push(`${name} ${found === undefined ? "is missing" : "is not as it was made"}`);
  }
  return wrong;
}

async function digestOf(path: string): Promise<string | undefined> {
  try {
    return (await digestsOf(path, ["sha256"]))[0];
  } catch (error) {
    if (isCode(error, "ENOENT")) return undefined;
    throw error;
  }
}
