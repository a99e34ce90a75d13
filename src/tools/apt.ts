import type { Command } from "../command.ts";

/** Ask apt which Release files it would read. It parses both formats of sources lists and needs no downloaded lists. */
export const releaseFiles = (): Command => ({ tool: "apt-get", args: ["update", "--print-uris"] });

/** One release that the host's apt is configured to read. */
export interface ConfiguredRelease {
  /** The archive's address, with no slash at its end. */
  readonly base: string;
  readonly suite: string;
}

/** What `releaseFiles` printed, in the order of the sources. Flat repositories, which have no dists/, are left out. */
export function configuredReleases(printed: string): readonly ConfiguredRelease[] {
  return [...printed.matchAll(/^'(.+)\/dists\/(.+)\/InRelease' /gm)].flatMap(([, base, suite]) =>
    base === undefined || suite === undefined ? [] : [{ base: decodeURI(base).replace(/\/+$/, ""), suite }],
  );
}

/**
 * Fetch files as apt would: through its proxy, with its credentials, by any of its methods. Where a sha256 is given, what is
 * not so is refused.
 */
export const downloads = (
  files: readonly { readonly url: string; readonly to: string; readonly sha256?: string }[],
): Command & { readonly args: readonly string[] } => ({
  tool: "/usr/lib/apt/apt-helper",
  // prettier-ignore
  args: [
    "-o", "Acquire::Retries=2",
    "-o", "Acquire::http::Timeout=20",
    "-o", "Acquire::https::Timeout=20",
    // The folder is ours alone, so that apt's own user could not write there.
    "-o", "APT::Sandbox::User=root",
    "download-file",
    ...files.flatMap(({ url, to, sha256 }) => [
      url.replace(/^file:/, "copy:"), to,
      ...(sha256 === undefined ? [] : [`SHA256:${sha256}`]),
    ]),
  ],
});

export type FetchFault = "absent" | "unreachable" | "changed";

/** Why a download failed, by apt's words. What is not known to be the archive's answer may be gone tomorrow. */
export function fetchFault(printed: string): FetchFault {
  if (/\b(?:404 {1,2}Not Found|410 {1,2}Gone|File not found|Failed to stat)\b/.test(printed)) return "absent";
  return /\b(?:Hash Sum mismatch|unexpected size)\b/.test(printed) ? "changed" : "unreachable";
}

/** Install Debian packages without asking anything. */
export const install = (packages: readonly string[]): Command => ({
  tool: "apt-get",
  args: [
    "install",
    "--yes",
    "--no-install-recommends",
    "-o",
    "Dpkg::Use-Pty=0",
    "-o",
    "DPkg::Lock::Timeout=120",
    "--",
    ...packages,
  ],
  env: { DEBIAN_FRONTEND: "noninteractive", DEBCONF_NONINTERACTIVE_SEEN: "true" },
});

/** Bring the host's package lists up to date. */
export const update = (): Command => ({ tool: "apt-get", args: ["update", "-o", "DPkg::Lock::Timeout=120"] });

/** Which packages own these files, and in which version each is installed. */
export const owners = (paths: readonly string[]): Command => ({
  tool: "dpkg-query",
  args: ["--search", "--", ...paths],
});
export const versions = (packages: readonly string[]): Command => ({
  tool: "dpkg-query",
  args: ["--show", "--showformat", "${binary:Package} ${Version}\\n", "--", ...packages],
});

/** Package by path, from what `owners` printed. Several owners share directories only. */
export const ownerOf = (printed: string): ReadonlyMap<string, string> =>
  new Map(
    [...printed.matchAll(/^([^ ,]+): (\/.+)$/gm)].flatMap(([, name, path]) =>
      name === undefined || path === undefined ? [] : [[path, name] as const],
    ),
  );

/** Version by package, from what `versions` printed. */
export const versionOf = (printed: string): ReadonlyMap<string, string> =>
  new Map(
    [...printed.matchAll(/^(\S+) (\S+)$/gm)].flatMap(([, name, version]) =>
      name === undefined || version === undefined ? [] : [[name, version] as const],
    ),
  );
