import { expect, test } from "vitest";
import { rows, type Row } from "../../bench/rows.ts";
import { turns } from "../../bench/turns.ts";

const all = ["livewright", "live-build", "script"] as const;
const chosen = (...names: readonly string[]): readonly Row[] => rows.filter(({ name }) => names.includes(name));
const told = (...asked: Parameters<typeof turns>): readonly string[] =>
  turns(...asked).map(({ peer, runs }) => `${peer}: ${runs.join(", ")}`);

test("what a row compares is measured side by side, and Livewright before and after each of the others", () => {
  expect(told(chosen("cold", "menu"), all, new Set())).toEqual([
    "livewright: cold",
    "live-build: cold",
    "livewright: cold",
    "script: cold",
    "livewright: cold",
    "livewright: title, colour, argument",
    "live-build: nothing",
    "livewright: title, colour, argument",
    "script: menu",
    "livewright: title, colour, argument",
  ]);
});

test("a run that several rows show is measured for the first of them", () => {
  expect(told(chosen("cold", "cold-xz", "memory"), all, new Set())).toEqual([
    "livewright: cold",
    "live-build: cold",
    "livewright: cold",
    "script: cold",
    "livewright: cold",
    "livewright: cold-xz",
  ]);
});

test("nobody is measured again who is known, nor who is left out", () => {
  expect(told(chosen("package"), all, new Set(["live-build", "script"] as const))).toEqual(["livewright: package"]);
  expect(told(chosen("package"), ["livewright", "script"], new Set())).toEqual([
    "livewright: package",
    "script: package",
    "livewright: package",
  ]);
});

test("a run that was stopped goes on where it was: what it measured is not measured again", () => {
  const done = (peer: string): readonly string[] => (peer === "script" ? [] : ["cold"]);
  expect(told(chosen("cold", "file"), all, new Set(), done)).toEqual([
    "script: cold",
    "livewright: file",
    "live-build: file",
    "livewright: file",
    "script: file",
    "livewright: file",
  ]);
});
