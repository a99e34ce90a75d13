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
    "-c", "safe.directory=*",
    "-c", "core.fsmonitor=false",
    "-c", "core.hooksPath=/dev/null",
    "-C", folder,
    ...args,
  ],
});

/** The commit that last changed a file. Commits to other files leave it, and so what is built with the file, as it is. */
export const lastChange = (folder: string, file: string): Command =>
  git(folder, "log", "--max-count=1", "--format=%H", "--", file);

export const state = (folder: string, file: string): Command =>
  git(folder, "status", "--porcelain", "--ignored", "--untracked-files=all", "--", file);

/** `state` prints a line for a file that differs from the commit, and none for one that is as committed. */
export const isDirty = (printed: string): boolean => printed.trim() !== "";
