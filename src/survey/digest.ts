import { createHash, type Hash } from "node:crypto";
import { createReadStream, lstatSync, readFileSync } from "node:fs";
import { readdir, readlink, stat } from "node:fs/promises";
import { join } from "node:path";
import type { SourcePlace } from "../command.ts";
import { Failure } from "../failure.ts";

/** Folders on this host by the name that places use. */
export type Roots = Readonly<Record<string, string>>;

export function locateSource({ root, path }: SourcePlace, roots: Roots): string {
  const folder = roots[root];
  if (folder === undefined) throw new Failure("bug", `no folder is known for sources of ${root}`);
  return join(folder, path);
}

/** sha256 of each source by `root:path`. Every source that is missing or unfit is told at once. */
export async function digestSources(
  places: readonly SourcePlace[],
  roots: Roots,
  signal: AbortSignal,
): Promise<Readonly<Record<string, string>>> {
  const digests: Record<string, string> = {};
  const faults: string[] = [];
  for (const place of places) {
    const name = `${place.root}:${place.path}`;
    try {
      digests[name] ??= await digestOf(locateSource(place, roots), signal);
    } catch (error) {
      const fault = faultIn(place, error);
      if (fault === undefined) throw error;
      faults.push(fault);
    }
  }
  if (faults.length > 0) throw new Failure("recipe-invalid", faults.join("\n"));
  return digests;
}

/**
 * sha256 of a file or of all that a folder holds: names, content, whether it may be executed, where links point.
 * Times and owners are left out: a fresh checkout has others, and the image does not take them over.
 */
export async function digestOf(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const info = await stat(path);
  if (info.isDirectory()) await addFolder(hash, Buffer.from(path), Buffer.alloc(0), signal);
  else await addEntry(hash, Buffer.from(path), Buffer.alloc(0), signal);
  return hash.digest("hex");
}

/** Bytes up to which a file is read at once. A folder may have a hundred thousand of them, and asking aside takes ten times as long. */
const small = 64 * 1024;

const slash = Buffer.from("/");

/** Names are bytes: not every file's name is text. */
async function addFolder(hash: Hash, path: Buffer, name: Buffer, signal: AbortSignal): Promise<void> {
  note(hash, "folder", name);
  const inside = await readdir(path, { encoding: "buffer" });
  for (const entry of inside.sort((one, other) => one.compare(other)))
    await addEntry(hash, Buffer.concat([path, slash, entry]), Buffer.concat([name, slash, entry]), signal);
}

async function addEntry(hash: Hash, path: Buffer, name: Buffer, signal: AbortSignal): Promise<void> {
  signal.throwIfAborted();
  const info = name.length === 0 ? await stat(path) : lstatSync(path);
  if (info.isDirectory()) {
    await addFolder(hash, path, name, signal);
  } else if (info.isSymbolicLink()) {
    note(hash, "link", name, await readlink(path, { encoding: "buffer" }));
  } else {
    if (!info.isFile()) throw new Unfit(path.toString());
    note(hash, (info.mode & 0o111) === 0 ? "file" : "program", name, String(info.size));
    if (info.size <= small) hash.update(readFileSync(path));
    else for await (const piece of createReadStream(path, { signal })) hash.update(piece as Buffer);
  }
}

/** Every part says its length first, so that no two trees are spelled alike. */
function note(hash: Hash, ...parts: readonly (string | Buffer)[]): void {
  for (const part of parts) hash.update(`${String(Buffer.byteLength(part))}:`).update(part);
}

class Unfit extends Error {}

function faultIn({ path }: SourcePlace, error: unknown): string | undefined {
  if (error instanceof Unfit) return `${error.message} is neither a file, a folder nor a link`;
  const { code } = error as NodeJS.ErrnoException;
  if (code === "ENOENT" || code === "ENOTDIR") return `${path} is named by the recipe and does not exist`;
  return code === "EACCES" ? `${path} is named by the recipe and cannot be read` : undefined;
}
