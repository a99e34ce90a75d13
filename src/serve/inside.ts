import { realpath, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { isCode } from "../system/files.ts";

/** Where a request's path leads in a folder, or the HTTP status that it deserves. */
export type Found =
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "refused"; readonly status: 400 | 403 | 404; readonly why: string };

/** What is hidden stays so, but for the folder that says what the medium is. */
const shownThoughHidden = ".disk";

/** Find the file that a request names. Nothing outside `root`, which has all its links followed, is ever found. */
export async function inside(root: string, request: string): Promise<Found> {
  const steps = stepsOf(request);
  if (steps === undefined) return refused(400, "not a path");
  if (steps.includes("..")) return refused(403, "it leaves the folder");
  if (isHidden(steps)) return refused(404, "not there");
  const path = await follow(join(root, ...steps));
  if (path === undefined) return refused(404, "not there");
  const within = relative(root, path).split("/");
  if (within[0] === "..") return refused(403, "it leaves the folder");
  if (isHidden(within)) return refused(404, "not there");
  const kind = await stat(path);
  if (kind.isDirectory()) return refused(404, "no file: what is in a folder is not listed");
  if (!kind.isFile()) return refused(404, "not a file");
  if ((kind.mode & 0o004) === 0) return refused(403, "not everybody may read it");
  return { kind: "file", path };
}

const refused = (status: 400 | 403 | 404, why: string): Found => ({ kind: "refused", status, why });

/** The names in a request's path, decoded; nothing when it is no absolute path. */
export function stepsOf(request: string): readonly string[] | undefined {
  const [path = ""] = request.split(/[?#]/, 1);
  if (!path.startsWith("/")) return undefined;
  try {
    const steps = path.split("/").map(decodeURIComponent);
    if (steps.some((step) => /[/\\\u0000]/.test(step))) return undefined;
    return steps.filter((step) => step !== "" && step !== ".");
  } catch {
    return undefined; // A percent sign that stands for nothing.
  }
}

const isHidden = (steps: readonly string[]): boolean =>
  steps.some((step, at) => step.startsWith(".") && !(at === 0 && step === shownThoughHidden));

async function follow(path: string): Promise<string | undefined> {
  try {
    return await realpath(path);
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "ELOOP", "ENAMETOOLONG", "EACCES"].some((code) => isCode(error, code))) return undefined;
    throw error;
  }
}
