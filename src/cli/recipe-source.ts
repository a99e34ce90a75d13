import { readdirSync, readFileSync, statSync, type Stats } from "node:fs";
import { Failure } from "../failure.ts";
import { loadRecipe, type LoadedRecipe, type ReadSource, type Seen } from "../recipe/load.ts";
import { programRoot } from "./about.ts";

/** Read a recipe from this machine's files: a shipped one by name, a file, or a folder; `standard` when none is named. */
export const readRecipe = (name: string | undefined, sets: readonly string[]): Promise<LoadedRecipe> =>
  Promise.resolve().then(() => loadRecipe({ name: name ?? "standard", sets, read: filesHere() }));

/** This machine's files, as the recipe room wants to see them. */
export const filesHere = (): ReadSource => ({
  program: programRoot,
  here: process.cwd(),
  look,
  read,
  list: (folder) => readdirSync(folder).sort(),
});

function look(path: string): Seen | undefined {
  const found = stat(path);
  if (found === undefined) return undefined;
  if (found.isDirectory()) return { kind: "folder" };
  return found.isFile()
    ? { kind: "file", bytes: found.size, executable: (found.mode & 0o111) !== 0 }
    : { kind: "other" };
}

/** A name too long, or links that never end, are as good as nothing there. */
function stat(path: string): Stats | undefined {
  try {
    return statSync(path, { throwIfNoEntry: false });
  } catch (error) {
    if (["ENAMETOOLONG", "ELOOP"].includes(String((error as NodeJS.ErrnoException).code))) return undefined;
    throw unreadable(path, error);
  }
}

function read(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (error) {
    throw unreadable(path, error);
  }
}

const unreadable = (path: string, cause: unknown): Failure =>
  new Failure("recipe-invalid", `${path} cannot be read: ${(cause as Error).message}`, { cause });
