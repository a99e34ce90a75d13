import { digestsOfAll } from "../system/digests.ts";
import type { Image } from "./image.ts";
import type { Node, Tree } from "./tree.ts";
import { error, type Finding } from "./verdict.ts";

/** The lists on a medium; md5sum.txt is what debian-installer's checker reads. */
const isoLists = [
  { file: "sha256sum.txt", algorithm: "sha256", length: 64 },
  { file: "md5sum.txt", algorithm: "md5", length: 32 },
] as const;

type Algorithm = (typeof isoLists)[number]["algorithm"];

/** sha256 is always among them. */
type Digests = Readonly<Partial<Record<Algorithm, string>> & { readonly sha256: string }>;

/** A list of checksums, by one of the algorithms. */
export interface SumList {
  readonly file: string;
  readonly algorithm: Algorithm;
  readonly length: number;
}

export interface Checked {
  readonly findings: readonly Finding[];
  /** Files that were read whole and are as every list says. */
  readonly checked: number;
  /** Files that no list should name. */
  readonly exempt: number;
}

/** md5 of contents by their sha256. A content has but one of each, so whose sha256 fits has this md5, too. */
export type KnownContents = ReadonlyMap<string, string>;

export interface Wanted {
  readonly lists?: readonly SumList[];
  /** Of these contents md5 need not be computed. */
  readonly known?: KnownContents | undefined;
  readonly signal: AbortSignal;
}

/** Digests of every file, whatever the lists say of it. */
export type Sums = ReadonlyMap<string, Digests>;

/** Compare all files with the lists, which must name every one of them but `patched` and themselves. */
export async function judgeSums(
  image: Image,
  tree: Tree,
  {
    sums,
    patched = [],
    lists = isoLists,
  }: {
    readonly sums: Sums;
    /** What no list names, besides the lists. */
    readonly patched?: readonly string[];
    readonly lists?: readonly SumList[];
  },
): Promise<Checked> {
  const left = new Set<string>([...patched, ...lists.map(({ file }) => file)]);
  const covered = [...sums.keys()].filter((path) => !left.has(path));
  const findings: Finding[] = [];
  const good = new Set(covered);
  for (const { file, algorithm, length } of lists) {
    const listed = parseList((await textOf(image, tree, file)) ?? "", length);
    const faults = listed === undefined ? undefined : compare(listed, covered, (path) => sums.get(path)?.[algorithm]);
    if (faults === undefined) {
      findings.push(
        error(`/${file}`, tree.has(file) ? "it is not a list of checksums" : "this list of checksums is missing"),
      );
      good.clear();
    }
    for (const { path, what } of faults ?? []) {
      findings.push(error(`/${file}`, `/${path} ${what}`));
      good.delete(path);
    }
  }
  return { findings, checked: good.size, exempt: sums.size - covered.length };
}

interface Fault {
  readonly path: string;
  readonly what: string;
}

function compare(
  listed: ReadonlyMap<string, string>,
  covered: readonly string[],
  sumOf: (path: string) => string | undefined,
): Fault[] {
  const differing = [...listed].flatMap(([path, sum]): Fault[] => {
    const real = sumOf(path);
    if (real === undefined) return [{ path, what: "is not on the medium" }];
    return real === sum ? [] : [{ path, what: "has other content" }];
  });
  const unlisted = covered.filter((path) => !listed.has(path)).map((path) => ({ path, what: "is not listed" }));
  return [...differing, ...unlisted];
}

/** A small text on the medium, or undefined when there is no such file. */
export async function textOf(image: Image, tree: Tree, path: string): Promise<string | undefined> {
  const node = tree.get(path);
  return node?.type !== "file" ? undefined : (await contentOf(image, node)).toString("utf8");
}

export async function contentOf(image: Image, { extents }: Node): Promise<Buffer> {
  return Buffer.concat(await Promise.all(extents.map(({ at, length }) => image.read(at, length))));
}

/** Read every file, in the order in which they lie in the image, so that a disk reads it in one go. */
export async function readSums(
  image: Image,
  tree: Tree,
  { lists = isoLists, known = new Map(), signal }: Wanted,
): Promise<Sums> {
  const others = lists.map(({ algorithm }) => algorithm).filter((algorithm) => algorithm !== "sha256");
  const files = [...tree.values()].filter(({ type }) => type === "file");
  const placed = files.toSorted((one, other) => (one.extents[0]?.at ?? 0) - (other.extents[0]?.at ?? 0));
  const read = (these: readonly Node[], algorithms: readonly Algorithm[]): Promise<readonly (readonly string[])[]> =>
    digestsOfAll(
      these.map(({ extents }) => image.content(extents)),
      algorithms,
      signal,
    );
  // Known contents are the large ones: of all others it costs little to read them once more.
  const first = await read(placed, ["sha256", ...(known.size === 0 ? others : [])]);
  const sums = placed.map((file, at) => {
    const [sha256 = "", md5 = known.get(sha256)] = first[at] ?? [];
    return { file, sha256, md5 };
  });
  const unknown = others.length === 0 ? [] : sums.filter(({ md5 }) => md5 === undefined);
  const second = await read(
    unknown.map(({ file }) => file),
    others,
  );
  const late = new Map(unknown.map(({ file }, at) => [file, second[at]?.[0]]));
  return new Map(
    sums.map(({ file, sha256, md5 = late.get(file) }) => [
      file.path,
      { sha256, ...(md5 === undefined ? {} : { md5 }) },
    ]),
  );
}

/** "HEX  ./path", one a line. */
function parseList(text: string, length: number): Map<string, string> | undefined {
  const lines = text.split("\n").filter((line) => line !== "");
  const pairs = lines.map((line) => /^([0-9a-f]+) [ *](?:\.\/)?(.+)$/.exec(line));
  if (lines.length === 0 || pairs.some((pair) => pair?.[1]?.length !== length)) return undefined;
  return new Map(pairs.map((pair) => [pair?.[2] ?? "", pair?.[1] ?? ""]));
}
