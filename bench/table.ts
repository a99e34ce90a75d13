import {
  peerNames,
  type Growth,
  type GrowthPoint,
  type Machine,
  type PeerFigures,
  type PeerName,
  type Report,
} from "./figures.ts";
import { figureIn, type Figure, type Row } from "./rows.ts";
import { median } from "./workshop.ts";

/** Markdown of a whole report: what was compared, what each run took, and how costs grow. */
export const markdown = (report: Report, chosen: readonly Row[]): string =>
  [
    machineLine(report),
    ratioTable(report, chosen),
    runTable(report),
    ...(report.growth.length === 0 ? [] : [growthTable(report.growth)]),
  ].join("\n\n");

/** The peers beside livewright, the ratios, and whether they hold. */
export function ratioTable(report: Report, chosen: readonly Row[]): string {
  const head = [
    "",
    "livewright",
    "live-build",
    "script",
    "of live-build",
    "to reach",
    "of the script",
    "to reach",
    "held",
  ];
  return table(
    head,
    chosen.map((row) => ratioCells(report, row)),
  );
}

function ratioCells({ peers }: Report, row: Row): readonly string[] {
  const of = (name: PeerName): number | undefined => {
    const figure = row.figures[name];
    const peer = peers[name];
    return figure === undefined || peer === undefined ? undefined : figureIn(peer, figure);
  };
  const ours = of("livewright");
  const ratio = (name: PeerName): number | undefined => {
    const theirs = of(name);
    return ours === undefined || theirs === undefined ? undefined : ours / theirs;
  };
  const { most } = row;
  return [
    row.title,
    ...peerNames.map((name) => figure(of(name), row.unit) + (isOld(peers[name], row.figures[name]) ? " †" : "")),
    fraction(ratio("live-build")),
    wish(most["live-build"], row.within, row.unit),
    fraction(ratio("script")),
    wish(most.script),
    verdict([
      [ratio("live-build"), most["live-build"]],
      [ratio("script"), most.script],
      [ours, row.within],
    ]),
  ];
}

/** Media are booted anew in each run; what it took to build them may be known from an earlier one. */
const isOld = (peer: PeerFigures | undefined, figure: Figure | undefined): boolean =>
  peer?.reused === true && figure !== undefined && figure.of !== "boot";

/** Yes if all that was asked for holds; what was not measured holds nothing. */
export function verdict(pairs: readonly (readonly [had: number | undefined, most: number | undefined])[]): string {
  const asked = pairs.filter(([, most]) => most !== undefined);
  if (asked.length === 0) return "";
  if (asked.some(([had, most]) => had !== undefined && most !== undefined && had > most)) return "**no**";
  return asked.every(([had]) => had !== undefined) ? "yes" : "not measured";
}

/** Ratios far below one are read as one part of so many. */
export const fraction = (ratio: number | undefined): string =>
  ratio === undefined ? "–" : ratio < 0.1 ? `1/${(1 / ratio).toFixed(0)}` : ratio.toFixed(2);

const wish = (most: number | undefined, within?: number, unit = "s"): string =>
  [...(within === undefined ? [] : [`${within} ${unit}`]), ...(most === undefined ? [] : [fraction(most)])]
    .map((text) => `≤ ${text}`)
    .join(", ") || "–";

const figure = (value: number | undefined, unit: "s" | "MB"): string =>
  value === undefined ? "–" : `${value.toFixed(unit === "s" && value < 10 ? 2 : 0)} ${unit}`;

/** Every run as it was measured. */
function runTable({ peers }: Report): string {
  const head = ["run", "wall", "CPU", "peak memory", "written", "ISO"];
  const lines = peerNames.flatMap((name) => runLines(name, peers[name]));
  return table(head, lines);
}

const runLines = (name: PeerName, peer: PeerFigures | undefined): readonly (readonly string[])[] =>
  peer === undefined
    ? []
    : [
        ...Object.entries(peer.runs).map(([run, { wall, cpu, peak, written, iso }]) => [
          `${name}: ${run}`,
          figure(wall, "s"),
          figure(cpu, "s"),
          ...[peak, written, iso].map((bytes) => figure(bytes / 1e6, "MB")),
        ]),
        ...Object.entries(peer.boots).map(([told, wall]) => [
          `${name}: boot, ${told}`,
          figure(wall, "s"),
          ...Array.from({ length: 4 }, () => ""),
        ]),
      ];

/** How much one more costs, between each count and the one before; it may not grow by more than clocks drift. */
export function growthTable(growth: readonly Growth[]): string {
  const head = ["", "count", "seconds", "each one more", "held"];
  return table(head, growth.flatMap(growthLines));
}

function growthLines({ of, points }: Growth): readonly (readonly string[])[] {
  const costs = points.slice(1).map((point, at) => costOf(points[at]!, point));
  return points.map(({ count, seconds }, at) => {
    const cost = costs[at - 1];
    const before = costs.slice(0, Math.max(0, at - 1)).map(({ most }) => most);
    return [
      ...[of, String(count), `${median(seconds).toFixed(2)} (${seconds[0]!.toFixed(2)}–${seconds.at(-1)!.toFixed(2)})`],
      cost === undefined ? "–" : `${(cost.middle * 1000).toPrecision(3)} ms`,
      before.length === 0 ? "" : verdict([[cost?.least, Math.max(...before) * 1.25]]),
    ];
  });
}

/** Seconds that one more costs, from one point to the next: by the middle builds, and at least and at most by the others. */
function costOf(from: GrowthPoint, to: GrowthPoint): Readonly<Record<"least" | "middle" | "most", number>> {
  const between = (before: number, after: number): number => (after - before) / (to.count - from.count);
  return {
    least: between(from.seconds.at(-1)!, to.seconds[0]!),
    middle: between(median(from.seconds), median(to.seconds)),
    most: between(from.seconds[0]!, to.seconds.at(-1)!),
  };
}

function machineLine({ taken, machine, peers }: Report): string {
  const known = peerNames.flatMap((name) => {
    const peer = peers[name];
    if (peer === undefined) return [];
    const when = peer.reused === true ? `, † measured on ${peer.taken}` : "";
    return [`${name} ${peer.version} (${peer.packages} packages${when})`];
  });
  return `Measured on ${taken}: ${machineWords(machine)}. ${known.join("; ")}.`;
}

const machineWords = ({ processor, processors, memory, kernel, accelerator, fileSystem }: Machine): string =>
  `${processors} × ${processor}, ${(memory / 1e9).toFixed(0)} GB of memory, Linux ${kernel}, ${fileSystem}, QEMU with ${accelerator}`;

const table = (head: readonly string[], lines: readonly (readonly string[])[]): string =>
  [head, head.map((_, at) => (at === 0 ? "---" : "---:")), ...lines]
    .map((cells) => `| ${cells.join(" | ")} |`)
    .join("\n");
