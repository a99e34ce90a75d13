import { chmod, stat } from "node:fs/promises";
import { join } from "node:path";
import { exists, publish, readText, write } from "../system/files.ts";

/** Lists the artefacts of one folder that are ours to replace: written by the last build into it. */
const listName = "SHA256SUMS";

/** The list's lines; of a folder without one, none. */
export async function listedIn(folder: string): Promise<readonly string[]> {
  const list = join(folder, listName);
  return (await exists(list)) ? (await readText(list)).split("\n").filter((line) => line !== "") : [];
}

/** A line of the list names an artefact, or a file of one that is a folder. */
export const isOf = (line: string, name: string): boolean =>
  line.endsWith(`  ${name}`) || line.slice(64).startsWith(`  ${name}/`);

/** What the list says of a file, or of a folder by the digests of the files in it. */
export const linesOf = (
  name: string,
  { sha256, inside = [] }: { readonly sha256: string; readonly inside?: readonly (readonly [string, string])[] },
): readonly string[] =>
  inside.length === 0 ? [`${sha256}  ${name}`] : inside.map(([sum, path]) => `${sum}  ${name}/${path}`);

/**
 * Put what is true of some artefacts in the place of what the list says of them. Sums of artefacts that other recipes' builds put
 * into the same folder stay. The caller holds the lock of the folder.
 */
export async function relist(folder: string, names: readonly string[], lines: readonly string[]): Promise<void> {
  const [list, draft] = [join(folder, listName), join(folder, `.${listName}`)];
  const before = await listedIn(folder);
  const replaced = (line: string): boolean => names.some((name) => isOf(line, name));
  const first = before.findIndex(replaced);
  const at = first === -1 ? before.length : first;
  const next = [...before.slice(0, at), ...lines, ...before.slice(at).filter((line) => !replaced(line))];
  await write(draft, next.map((line) => `${line}\n`).join(""));
  if (before.length > 0) await chmod(draft, (await stat(list)).mode);
  await publish(draft, list);
}
