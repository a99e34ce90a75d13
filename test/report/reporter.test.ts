import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Event } from "../../src/events.ts";
import { reporter, type Mode } from "../../src/report/reporter.ts";
import { Paper, Screen } from "./streams.ts";

beforeEach(() => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval", "performance"] });
});
afterEach(() => {
  vi.useRealTimers();
});

type Beat = Event | number;

/** A build as it is told; numbers are milliseconds that pass. */
const story: readonly Beat[] = [
  { kind: "plan", stages: 12, stale: 3 },
  { kind: "stage-reused", stage: "base", at: 1, of: 12 },
  { kind: "stage-started", stage: "essential", at: 2, of: 12 },
  { kind: "progress", stage: "essential", text: "unpacking \u001b[1mhtop\u001b[0m\r" },
  { kind: "line", stage: "essential", line: "Unpacking htop (3.2.2-2) ..." },
  9_000,
  { kind: "warning", text: "hooks/shorten-boot was changed since its last commit" },
  { kind: "stage-finished", stage: "essential", at: 2, of: 12, seconds: 64.4 },
  { kind: "stage-started", stage: "squashfs", at: 11, of: 12 },
  { kind: "progress", stage: "squashfs", fraction: 0.455 },
  { kind: "stage-started", stage: "raw", at: 10, of: 12 },
  1_000,
  { kind: "stage-failed", stage: "squashfs", seconds: 1 },
  { kind: "stage-finished", stage: "raw", at: 10, of: 12, seconds: 1.04 },
  { kind: "note", text: "boot it with: livewright test out/demo.iso" },
  { kind: "artefact", path: "out/demo.iso", bytes: 235_143_168 },
];

function tell(mode: Mode, stream: Paper, beats: readonly Beat[], env: NodeJS.ProcessEnv = {}): void {
  using report = reporter(mode, stream, env);
  for (const beat of beats)
    if (typeof beat === "number") vi.advanceTimersByTime(beat);
    else report(beat);
}

test("plain lines have the stage's number, name and time, and no control characters", () => {
  const paper = new Paper();
  tell("plain", paper, story);
  expect(paper.text).toBe(`12 stages, 3 to be made
[ 1/12] base: reused
[ 2/12] essential
[ 2/12] essential: unpacking htop (8.0 s)
warning: hooks/shorten-boot was changed since its last commit
[ 2/12] essential: done in 1 min 04 s
[11/12] squashfs
[10/12] raw
squashfs: failed after 1.0 s
[10/12] raw: done in 1.0 s
boot it with: livewright test out/demo.iso
out/demo.iso (235 MB)
`);
});

test("plain lines are never silent for over 10 seconds, with and without a running stage", () => {
  const paper = new Paper();
  const marks: number[] = [];
  const began = performance.now();
  vi.spyOn(paper, "write").mockImplementation(() => marks.push(performance.now() - began) > 0);
  tell("plain", paper, [30_000, { kind: "stage-started", stage: "base", at: 1, of: 1 }, 95_000]);
  const gaps = [...marks, 125_000].map((mark, at) => mark - (marks[at - 1] ?? 0));
  expect(Math.max(...gaps)).toBeLessThan(10_000);
});

test.each(["plain", "tty"] as const)("who serves others owes no sign of life while nobody comes (%s)", (kind) => {
  const screen = new Screen();
  using report = reporter(kind, screen, {});
  report({ kind: "serving" });
  vi.advanceTimersByTime(60_000);
  report({ kind: "note", text: "somebody came" });
  vi.advanceTimersByTime(60_000);
  expect(screen.seen).toBe("somebody came\n");
});

test("JSON is one event a line, each with its time", () => {
  const paper = new Paper();
  tell("json", paper, story);
  const lines = paper.text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as { time: number });
  const events = story.filter((beat) => typeof beat !== "number");
  expect(lines).toEqual(events.map((event) => ({ time: expect.any(Number), ...event })));
  expect(lines.at(-1)?.time).toBe(10);
});

test("quiet tells warnings only", () => {
  const paper = new Paper();
  tell("quiet", paper, story);
  expect(paper.text).toBe("warning: hooks/shorten-boot was changed since its last commit\n");
});

test("a terminal keeps what is done and draws over what runs", () => {
  const screen = new Screen();
  tell("tty", screen, story.slice(0, 12), { NO_COLOR: "1" });
  expect(screen.seen).toBe(`12 stages, 3 to be made
[ 1/12] base: reused
warning: hooks/shorten-boot was changed since its last commit
[ 2/12] essential: done in 1 min 04 s
`);
});

test("a terminal shows a bar for what tells how far it is", () => {
  const screen = new Screen();
  using report = reporter("tty", screen, {});
  report({ kind: "stage-started", stage: "squashfs", at: 11, of: 12 });
  report({ kind: "progress", stage: "squashfs", fraction: 0.5 });
  vi.advanceTimersByTime(3_000);
  expect(screen.seen).toBe("[11/12] squashfs: 50 % (3.0 s) [############............]");
});

test("a terminal shows the time of what does not tell how far it is, and what runs beside it", () => {
  const screen = new Screen();
  using report = reporter("tty", screen, {});
  report({ kind: "stage-started", stage: "initramfs", at: 5, of: 12 });
  report({ kind: "stage-started", stage: "standard", at: 6, of: 12 });
  report({ kind: "progress", stage: "initramfs", text: "costs $& and $1" });
  vi.advanceTimersByTime(21_000);
  expect(screen.seen).toBe("[ 5/12] initramfs: costs $& and $1 (21 s) +standard");
});

test("a terminal shows a sign of life when no stage runs, and takes it back", () => {
  const screen = new Screen();
  using report = reporter("tty", screen, {});
  vi.advanceTimersByTime(9_000);
  expect(screen.seen).toBe("still working (9.0 s)");
  report({ kind: "note", text: "the archive answered" });
  expect(screen.seen).toBe("the archive answered\n");
});

test.each([new Screen(), new Paper()])("nothing is written while the terminal is lent to a person", (stream) => {
  const lent: Beat[] = [{ kind: "terminal-lent" }, 60_000];
  tell("auto", stream, lent);
  expect(stream.text).toBe("");
});

test("a terminal's line never wraps, however narrow it is and however long the words are", () => {
  for (const columns of [20, 40, 80]) {
    const screen = new Screen(columns);
    using report = reporter("tty", screen, {});
    report({ kind: "stage-started", stage: "a-layer-with-a-long-name", at: 5, of: 12 });
    report({ kind: "progress", stage: "a-layer-with-a-long-name", fraction: 0.3, text: "x".repeat(300) });
    vi.advanceTimersByTime(1_000);
    expect(screen.seen.length).toBeGreaterThan(0);
  }
});

test("the terminal is left clean: no line drawn, no colour on, no clock running", () => {
  const screen = new Screen();
  tell("tty", screen, [
    { kind: "stage-started", stage: "base", at: 1, of: 2 },
    { kind: "progress", stage: "base", fraction: 0.2 },
    500,
  ]);
  expect(screen.seen).toBe("");
  expect(vi.getTimerCount()).toBe(0);
});

test("a terminal gets colours unless NO_COLOR is set and not empty", () => {
  const painted = (env: NodeJS.ProcessEnv): boolean => {
    const screen = new Screen();
    tell("auto", screen, [{ kind: "warning", text: "mind the step" }], env);
    return screen.text.includes("\u001b[33m");
  };
  expect([painted({}), painted({ NO_COLOR: "" }), painted({ NO_COLOR: "1" })]).toEqual([true, true, false]);
});

const choices: readonly [string, Mode, Paper, NodeJS.ProcessEnv, boolean][] = [
  ["auto draws on a terminal", "auto", new Screen(), { TERM: "xterm" }, true],
  ["auto writes lines where there is none", "auto", new Paper(), {}, false],
  ["auto writes lines in continuous integration", "auto", new Screen(), { CI: "true" }, false],
  ["auto writes lines on a dumb terminal", "auto", new Screen(), { TERM: "dumb" }, false],
  ["tty draws in continuous integration when asked to", "tty", new Screen(), { CI: "true" }, true],
  ["tty writes lines where there is no terminal", "tty", new Paper(), {}, false],
  ["plain never draws", "plain", new Screen(), {}, false],
];

test.each(choices)("%s", (_, mode, stream, env, draws) => {
  tell(mode, stream, [{ kind: "stage-started", stage: "base", at: 1, of: 1 }, 1_000], env);
  expect(stream.text.includes("\r")).toBe(draws);
});
