/** A file of an archive, named by the archive's signed texts. */
export interface ArchiveFile {
  /** Which archive: see `ReleaseFacts`. */
  readonly role: string;
  /** Under the archive's address. */
  readonly path: string;
  readonly sha256: string;
  readonly size: number;
}

export interface Indices {
  readonly files: readonly ArchiveFile[];
  /** The archive also serves indices by their digest, so that a push in between changes none. */
  readonly byHash: boolean;
}

/** apt's own preference, most wanted first (apt.conf(5), Acquire::CompressionTypes::Order). */
const compressions = [".xz", ".gz", ".bz2", ""];

/** The lists of binary packages that a Release file names for some components of one architecture. */
export function indicesOf(
  release: string,
  wish: {
    readonly role: string;
    readonly suite: string;
    readonly components: readonly string[];
    readonly architecture: string;
  },
): Indices {
  const listed = digestsIn(release);
  const folder = `dists/${wish.suite}`;
  const files = wish.components.flatMap((component) =>
    architecturesIn(release, wish.architecture).flatMap((architecture) => {
      const path = `${component}/binary-${architecture}/Packages`;
      const ending = compressions.find((each) => listed.has(path + each));
      const found = ending === undefined ? undefined : listed.get(path + ending);
      return found === undefined || ending === undefined
        ? []
        : [{ role: wish.role, path: `${folder}/${path}${ending}`, ...found }];
    }),
  );
  return { files, byHash: field(release, "Acquire-By-Hash") === "yes" };
}

/** Where an index lies besides its own name in an archive that serves by digest. */
export const byHash = ({ path, sha256 }: ArchiveFile): string => path.replace(/[^/]+$/, `by-hash/SHA256/${sha256}`);

/** Packages for all architectures are listed with each, unless the archive lists them by themselves. */
function architecturesIn(release: string, architecture: string): readonly string[] {
  const names = field(release, "Architectures")?.split(/\s+/) ?? [];
  const apart = names.includes("all") && !/\bPackages\b/.test(field(release, "No-Support-for-Architecture-all") ?? "");
  return apart ? [architecture, "all"] : [architecture];
}

const field = (release: string, name: string): string | undefined =>
  new RegExp(`^${name}:[ \\t]*(.*)$`, "im").exec(release)?.[1]?.trim();

function digestsIn(release: string): ReadonlyMap<string, { readonly sha256: string; readonly size: number }> {
  const section = /^SHA256:[ \t]*\n((?:[ \t].*\n?)*)/m.exec(release.replaceAll("\r\n", "\n"))?.[1] ?? "";
  return new Map(
    [...section.matchAll(/^\s+([0-9a-f]{64})\s+(\d+)\s+(\S+)$/gm)].map(([, sha256 = "", size, path = ""]) => [
      path,
      { sha256, size: Number(size) },
    ]),
  );
}
