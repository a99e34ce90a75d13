import { Failure } from "../failure.ts";

/** Faults of the host that may strike wherever a file is opened or written, in words. Others stay what they are. */
export function explained(error: unknown): unknown {
  if (!(error instanceof Error) || error instanceof Failure) return error;
  const { code, path, syscall } = error as NodeJS.ErrnoException;
  const where = path === undefined ? "" : ` (${path})`;
  // Node's recursive mkdir says so of a read-only file system, too.
  switch (code === "ENOENT" && syscall === "mkdir" ? "EROFS" : code) {
    case "ENOSPC":
    case "EDQUOT":
      return new Failure("no-space", `There is no space left${where}`, {
        remedy: "free some space there, or name other folders with --cache and --output",
        cause: error,
      });
    case "EMFILE":
    case "ENFILE":
      return new Failure("host-unready", "Too few files may be open at once on this host", {
        remedy: "ulimit -n 1024",
        cause: error,
      });
    // Node finds no module either when it may open no further file.
    case "ERR_MODULE_NOT_FOUND":
      return new Failure("host-unready", `A part of the program cannot be loaded: ${error.message}`, {
        remedy: "ulimit -n 1024, if few files may be open at once here; otherwise install the program again: npm ci",
        cause: error,
      });
    case "EROFS":
    case "EACCES":
    case "EPERM":
      return new Failure("host-unready", `It is not permitted${where}: ${error.message}`, {
        remedy: "run it as root, or name folders of your own with --cache and --output",
        cause: error,
      });
    default:
      return error;
  }
}
