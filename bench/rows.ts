import type { PeerFigures, PeerName, Run } from "./figures.ts";

/** Where a row's figure is among what was measured of a peer; of several, the largest counts. */
export type Figure =
  | { readonly of: "wall" | "peak" | "iso"; readonly runs: readonly string[] }
  | { readonly of: "boot"; readonly told: string };

export interface Row {
  readonly name: string;
  readonly title: string;
  readonly unit: "s" | "MB";
  readonly figures: Partial<Readonly<Record<PeerName, Figure>>>;
  /** Livewright's figure is to be at most this part of the peer's. A row without is for information. */
  readonly most: Partial<Readonly<Record<Exclude<PeerName, "livewright">, number>>>;
  /** Livewright's figure is to be at most this, by itself. */
  readonly within?: number;
}

const wall = (...runs: readonly string[]): Figure => ({ of: "wall", runs });
const peak = (...runs: readonly string[]): Figure => ({ of: "peak", runs });
const iso = (...runs: readonly string[]): Figure => ({ of: "iso", runs });
const boot = (told: string): Figure => ({ of: "boot", told });
const all = (figure: Figure): Row["figures"] => ({ livewright: figure, "live-build": figure, script: figure });

/** Everything that is compared, in the order of the table. */
export const rows: readonly Row[] = [
  {
    name: "cold",
    title: "from nothing, packages already downloaded, zstd (live-build: as it comes, xz)",
    unit: "s",
    figures: all(wall("cold")),
    most: { "live-build": 0.16, script: 0.6 },
  },
  {
    name: "cold-zstd",
    title: "the same, live-build told to use zstd 9",
    unit: "s",
    figures: { livewright: wall("cold"), "live-build": wall("cold-zstd") },
    most: {},
  },
  {
    name: "cold-xz",
    title: "from nothing, xz on both sides",
    unit: "s",
    figures: { livewright: wall("cold-xz"), "live-build": wall("cold") },
    most: { "live-build": 0.45 },
  },
  {
    name: "package",
    title: "one package more",
    unit: "s",
    figures: all(wall("package")),
    most: { "live-build": 1 / 35, script: 1 / 10 },
  },
  {
    name: "package-single",
    title: "the same with `squashfs.modules: single`, as the script has it",
    unit: "s",
    figures: { livewright: wall("package-single"), script: wall("package") },
    most: {},
  },
  {
    name: "file",
    title: "one line of a file laid over changed",
    unit: "s",
    figures: all(wall("file")),
    most: { "live-build": 1 / 50, script: 1 / 14 },
  },
  {
    name: "menu",
    title: "a menu title, a theme colour or a kernel argument changed (the slowest; live-build: `lb clean`)",
    unit: "s",
    figures: { livewright: wall("title", "colour", "argument"), "live-build": wall("nothing"), script: wall("menu") },
    most: { "live-build": 1 / 90, script: 1 / 25 },
  },
  {
    name: "menu-binary",
    title: "the same, live-build after `lb clean --binary`",
    unit: "s",
    figures: { livewright: wall("title", "colour", "argument"), "live-build": wall("menu") },
    most: {},
  },
  {
    name: "nothing",
    title: "nothing changed (live-build: `lb clean`)",
    unit: "s",
    figures: all(wall("nothing")),
    most: { "live-build": 1 / 350, script: 1 / 100 },
    within: 0.6,
  },
  {
    name: "nothing-skip",
    title: "the same, live-build without cleaning, where it notices no change of a recipe",
    unit: "s",
    figures: { livewright: wall("nothing"), "live-build": wall("again") },
    most: {},
  },
  {
    name: "memory",
    title: "peak memory of any process, zstd (live-build: as it comes, xz)",
    unit: "MB",
    figures: all(peak("cold")),
    most: { "live-build": 1, script: 1 },
  },
  {
    name: "boot",
    title: "boot to login, same QEMU settings and kernel arguments",
    unit: "s",
    figures: all(boot("default")),
    most: { "live-build": 0.55, script: 0.55 },
  },
  {
    name: "boot-single",
    title: "the same with `squashfs.modules: single`",
    unit: "s",
    figures: { livewright: boot("single"), "live-build": boot("default"), script: boot("default") },
    most: {},
  },
  {
    name: "size",
    title: "ISO size at xz",
    unit: "MB",
    figures: { livewright: iso("cold-xz"), "live-build": iso("cold") },
    most: { "live-build": 0.8 },
  },
  {
    name: "size-zstd",
    title: "ISO size at zstd",
    unit: "MB",
    figures: { livewright: iso("cold"), "live-build": iso("cold-zstd"), script: iso("cold") },
    most: {},
  },
];

/** The runs of a peer that rows take their figures from. */
export const runsFor = (chosen: readonly Row[], peer: PeerName): ReadonlySet<string> =>
  new Set(chosen.flatMap(({ figures }) => figuresOf(figures[peer])));

const figuresOf = (figure: Figure | undefined): readonly string[] =>
  figure === undefined || figure.of === "boot" ? [] : figure.runs;

/** What the kernel is told in the boots of a peer that rows take their figures from. */
export const bootsFor = (chosen: readonly Row[], peer: PeerName): ReadonlySet<string> =>
  new Set(
    chosen.flatMap(({ figures }) => {
      const figure = figures[peer];
      return figure?.of === "boot" ? [figure.told] : [];
    }),
  );

/** A row's figure, if all it is made of was measured. */
export function figureIn({ runs, boots }: PeerFigures, figure: Figure): number | undefined {
  if (figure.of === "boot") return boots[figure.told];
  const { of } = figure;
  const found = figure.runs.flatMap((name) => numberOf(runs[name], of));
  return found.length === figure.runs.length ? Math.max(...found) : undefined;
}

const numberOf = (run: Run | undefined, of: "wall" | "peak" | "iso"): readonly number[] =>
  run === undefined ? [] : [of === "wall" ? run.wall : run[of] / 1e6];
