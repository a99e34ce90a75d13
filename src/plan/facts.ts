import type { SourcePlace } from "../command.ts";

/** What planning must know of the world. The survey provides it. */
export interface Facts {
  /** sha256 of each source file or folder the plan names, by `root:path`. */
  readonly digests: Readonly<Record<string, string>>;
  /** Version of each tool the plan runs, by name. */
  readonly versions: Readonly<Record<string, string>>;
  readonly archive: ArchiveFacts;
  /** Git commit and dirtiness of each hook's repository, by `root:path`. */
  readonly hooks: Readonly<Record<string, { readonly commit: string; readonly dirty: boolean }>>;
}

/** The archive's state: one entry for each Release file that the build reads. */
export interface ArchiveFacts {
  readonly codename: string;
  /** Debian's version number of the codename, such as 12; absent for sid. */
  readonly release?: string;
  readonly releases: readonly ReleaseFacts[];
  /** Seconds since 1970 of the newest Release file: every timestamp in the image is clamped to it. */
  readonly epoch: number;
}

export interface ReleaseFacts {
  /** "main", "updates", "security" or a repository's name; `{ at: "archive", role }` in commands. */
  readonly role: string;
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** sha256 of the verified InRelease file. */
  readonly digest: string;
  /** Absolute path on this host of the keyring that verified it. Not part of any key. */
  readonly keyring: string;
  /** Date: field, seconds since 1970. */
  readonly date: number;
}

export const placeKey = ({ root, path }: SourcePlace): string => `${root}:${path}`;
