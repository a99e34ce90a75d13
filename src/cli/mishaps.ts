import { Failure } from "../failure.ts";

/** What to do where no further file can be opened (getrlimit(2), RLIMIT_NOFILE). */
export const tooFewFiles = (cause?: unknown): Failure =>
  new Failure("host-unready", "Too few files may be open at once on this host", { remedy: "ulimit -n 1024", cause });

/**
 * Faults of the host that may strike wherever a file is opened or written, in words. Others stay what they are. `options` are
 * those by which the command takes folders of the user's to write to.
 */
export function explained(error: unknown, options: readonly string[]): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : ` (${path})`;
  const elsewhere = (folders: string): string =>
    options.length === 0 ? "" : `, or name ${folders} with ${options.join(" and ")}`;
  // Node's recursive mkdir says so of a read-only file system, too.
  switch (code === "ENOENT" && syscall === "mkdir" ? "EROFS" : code) {
    case "ENOSPC":
    case "EDQUOT":
      return new Failure("no-space", `There is no space left${where}`, {
        remedy: `free some space there${elsewhere("other folders")}`,
        cause: error,
      });
    case "EMFILE":
    case "ENFILE":
      return tooFewFiles(error);
    // Node finds no module either when it may open no further file.
    case "ERR_MODULE_NOT_FOUND":
      return new Failure("host-unready", `A part of the program cannot be loaded: ${error.message}`, {
        remedy: "ulimit -n 1024, if few files may be open at once here; otherwise install the program again: npm ci",
        cause: error,
      });
    case "EROFS":
      return new Failure("host-unready", `It is not permitted${where}: ${error.message}`, {
        remedy: `let it be written to (mount -o remount,rw)${elsewhere("other folders")}`,
        cause: error,
      });
    case "EACCES":
    case "EPERM":
      return new Failure("host-unready", `It is not permitted${where}: ${error.message}`, {
        remedy: `run it as root, or let this account in (chmod, chown)${elsewhere("folders of your own")}`,
        cause: error,
      });
    default:
      return error;
  }
}
