import { expect, test } from "vitest";
import { withBlock } from "../../bench/block.ts";
import type { PeerFigures, Report, Run } from "../../bench/figures.ts";
import { options } from "../../bench/options.ts";
import { bootsFor, figureIn, rows, runsFor } from "../../bench/rows.ts";
import { fraction, growthTable, ratioTable, verdict } from "../../bench/table.ts";
import { timeOutput } from "../../bench/time-output.ts";

const run = (wall: number, more: Partial<Run> = {}): Run => ({
  ...{ wall, cpu: 1, peak: 200e6, written: 1e9, iso: 235e6 },
  ...more,
});

const peer = (runs: PeerFigures["runs"], boots: PeerFigures["boots"] = {}): PeerFigures => ({
  ...{ version: "1.0", packages: 211, taken: "2026-01-02" },
  ...{ runs, boots },
});

const report = (peers: Report["peers"]): Report => ({
  ...{ format: 1, taken: "2026-01-02", growth: [] },
  machine: { processor: "CPU", processors: 2, memory: 24e9, kernel: "6.1", accelerator: "TCG", fileSystem: "ext4" },
  peers,
});

const row = (name: string) => rows.find((each) => each.name === name)!;
const cellsOf = (markdown: string): readonly string[] => markdown.split("\n")[2]!.split(" | ");

test("GNU time's output gives processor time, the largest process and what was written", () => {
  const text = [
    '\tCommand being timed: "sh -c User time (seconds): 9"',
    "\tUser time (seconds): 11.50",
    "\tSystem time (seconds): 0.25",
    "\tElapsed (wall clock) time (h:mm:ss or m:ss): 0:07.31",
    "\tMaximum resident set size (kbytes): 2048",
    "\tFile system outputs: 16",
  ].join("\n");
  expect(timeOutput(text)).toEqual({ cpu: 11.75, peak: 2048 * 1024, written: 8192 });
});

test("a line that GNU time does not print is told by name", () => {
  expect(() => timeOutput("\tUser time (seconds): 1\n")).toThrow(/System time/);
});

test("a row holds when both ratios are within what is to be reached", () => {
  const figures = { livewright: peer({ cold: run(40) }), "live-build": peer({ cold: run(267) }) };
  const cells = cellsOf(ratioTable(report({ ...figures, script: peer({ cold: run(68) }) }), [row("cold")]));
  expect(cells.slice(1)).toEqual(["40 s", "267 s", "68 s", "0.15", "≤ 0.16", "0.59", "≤ 0.60", "yes |"]);
});

test("one ratio above its mark is enough for a row not to hold", () => {
  const figures = { livewright: peer({ cold: run(42) }), "live-build": peer({ cold: run(267) }) };
  const cells = cellsOf(ratioTable(report({ ...figures, script: peer({ cold: run(68) }) }), [row("cold")]));
  expect(cells.at(-1)).toBe("**no** |");
});

test("a ratio that was not measured is neither held nor missed", () => {
  const cells = cellsOf(ratioTable(report({ livewright: peer({ cold: run(40) }) }), [row("cold")]));
  expect(cells.slice(2, 5)).toEqual(["–", "–", "–"]);
  expect(cells.at(-1)).toBe("not measured |");
});

test("nothing changed has a mark of its own besides the ratios", () => {
  const slow = { livewright: peer({ nothing: run(0.7) }), "live-build": peer({ nothing: run(1000) }) };
  expect(cellsOf(ratioTable(report(slow), [row("nothing")])).at(-1)).toBe("**no** |");
  expect(verdict([[0.5, 0.6]])).toBe("yes");
});

test("figures taken from an earlier run are marked", () => {
  const old = { ...peer({ cold: run(267) }), reused: true };
  const cells = cellsOf(ratioTable(report({ livewright: peer({ cold: run(40) }), "live-build": old }), [row("cold")]));
  expect(cells[2]).toBe("267 s †");
});

test("a row of several changes shows the slowest, and nothing while one is missing", () => {
  const slowest = row("menu").figures.livewright!;
  expect(figureIn(peer({ title: run(1), colour: run(3), argument: run(2) }), slowest)).toBe(3);
  expect(figureIn(peer({ title: run(1), colour: run(3) }), slowest)).toBeUndefined();
});

test.each([
  [undefined, "–"],
  [1 / 35, "1/35"],
  [0.16, "0.16"],
  [1.2, "1.20"],
])("the ratio %s is written as %s", (ratio, text) => {
  expect(fraction(ratio)).toBe(text);
});

const growthLines = (...points: readonly (readonly [count: number, seconds: readonly number[]])[]): readonly string[] =>
  growthTable([{ of: "layers", points: points.map(([count, seconds]) => ({ count, seconds })) }])
    .split("\n")
    .slice(2);

test("growth is told as what each one more costs, and holds while that does not grow", () => {
  const first = [[1, [2, 2, 2]] as const, [5, [4, 4, 4]] as const] as const;
  expect(growthLines(...first, [15, [9, 9, 9]])).toEqual([
    "| layers | 1 | 2.00 (2.00–2.00) | – |  |",
    "| layers | 5 | 4.00 (4.00–4.00) | 500 ms |  |",
    "| layers | 15 | 9.00 (9.00–9.00) | 500 ms | yes |",
  ]);
  expect(growthLines(...first, [15, [11, 11, 11]]).at(-1)).toBe(
    "| layers | 15 | 11.00 (11.00–11.00) | 700 ms | **no** |",
  );
});

test("a step up that is smaller than what two builds of the same differ says nothing of the next one", () => {
  const lines = growthLines([1, [3.7, 4.2, 4.3]], [4, [3.9, 4.1, 4.2]], [16, [5, 5.2, 5.3]]);
  expect(lines.at(-1)).toBe("| layers | 16 | 5.20 (5.00–5.30) | 91.7 ms | yes |");
  expect(growthLines([1, [3.7, 4.2, 4.3]], [4, [3.9, 4.1, 4.2]], [16, [9, 9.1, 9.4]]).at(-1)).toContain("**no**");
});

test("only the runs that the chosen rows need are made", () => {
  expect([...runsFor([row("size"), row("cold-xz")], "live-build")]).toEqual(["cold"]);
  expect([...runsFor([row("boot")], "script")]).toEqual([]);
  expect([...bootsFor([row("boot")], "script")]).toEqual(["default"]);
});

test("rows and growth are chosen by name, and peers left out", () => {
  const asked = options(["--only", "cold,layers", "--skip-peer", "live-build"]);
  expect(asked.rows.map(({ name }) => name)).toEqual(["cold"]);
  expect(asked.growths).toEqual(["layers"]);
  expect(asked.peers).toEqual(["livewright", "script"]);
  expect(options([]).rows).toEqual(rows);
});

test.each([
  [["--only", "warm"], /"warm" is none of cold/],
  [["--skip-peer", "mkosi"], /"mkosi" is none of livewright, live-build, script/],
  [["--fast"], /--fast/],
])("%j is refused", (words, why) => {
  expect(() => options(words)).toThrow(why);
});

test("a document's block is replaced, and what is around it stays", () => {
  const document = "# Bench\n\n<!-- bench: begin -->\n\nold\n\n<!-- bench: end -->\n\nEnd.\n";
  expect(withBlock(document, "new")).toBe(document.replace("old", "new"));
  expect(() => withBlock("# Bench\n", "new")).toThrow(/bench: begin/);
});
