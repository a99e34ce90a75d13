import type { Command } from "../command.ts";

/**
 * The commit that a folder is checked out at, and the state of one file in it. A root build reads a user's checkout,
 * which git refuses without safe.directory; nothing that the repository configures may run meanwhile.
 */
const git = (folder: string, ...args: readonly string[]): Command => ({
  tool: "git",
  // prettier-ignore
  args: [
    "--no-optional-locks",
    "--literal-pathspecs",
    "-c", "safe.directory=*",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-C", folder,
    ...args,
  ],
});

/** Ask which commit is checked out, and whether the history below it is cut off. */
export const head = (folder: string): Command => git(folder, "rev-parse", "HEAD", "--is-shallow-repository");

/** What `head` printed. */
export function standing(printed: string): { readonly commit: string; readonly shallow: boolean } {
  const [commit = "", shallow = ""] = printed.trim().split("\n");
  return { commit, shallow: shallow !== "false" };
}

/** The commit, from one back, that last changed a file. Commits to other files leave it, and so what is built with the file, as it is. */
export const lastChange = (folder: string, from: string, file: string): Command =>
  git(folder, "log", "--max-count=1", "--format=%H", from, "--", file);

/** Ask which files of one folder differ from the commit. */
export const state = (folder: string, files: readonly string[]): Command =>
  git(folder, "status", "--porcelain", "-z", "--no-renames", "--ignored", "--untracked-files=all", "--", ...files);

/** Whether `state` named a file, by its path from the top, or a folder that is ignored with all that is in it. */
export const dirtyIn = (printed: string, file: string): boolean =>
  printed.split("\0").some((line) => line.endsWith("/") || line.slice(3).split("/").at(-1) === file);
