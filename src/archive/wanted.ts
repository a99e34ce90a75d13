import { Failure } from "../failure.ts";
import type { ArchiveFile } from "./indices.ts";

/** A package that is to be installed, and where its archive keeps it. */
export interface WantedPackage extends ArchiveFile {
  readonly name: string;
  readonly version: string;
  readonly architecture: string;
  /** What apt calls the file once it is here. */
  readonly file: string;
}

/**
 * Packages in the words of `apt-get --print-uris`, whose sources lie in the frozen archive: one folder for each role.
 * See `archivePath` and `rootArchivePath` in plan/packages.ts.
 */
export function wantedPackages(printed: string): readonly WantedPackage[] {
  return printed.split("\n").flatMap((line) => {
    if (!line.startsWith("'")) return [];
    const [, role, path, file, size, sha256] =
      /^'(?:file|copy):(?:\/mnt\/archive|\/run\/livewright-archive)\/([^/']+)\/([^']+)' (\S+) (\d+) SHA256:([0-9a-f]{64})$/.exec(
        line,
      ) ?? [];
    const [name, version, architecture] = file?.replace(/\.deb$/, "").split("_") ?? [];
    const real = path === undefined ? "" : decodeURIComponent(path);
    if (
      role === undefined ||
      file === undefined ||
      sha256 === undefined ||
      name === undefined ||
      version === undefined ||
      architecture === undefined ||
      real.split("/").includes("..")
    )
      throw new Failure("step-failed", `apt wants a package that the frozen archive cannot have: ${line}`);
    return [
      { role, path: real, file, size: Number(size), sha256, name, version: decodeURIComponent(version), architecture },
    ];
  });
}
