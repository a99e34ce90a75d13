import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";

type State = "passed" | "failed" | "skipped" | "pending" | "todo";

const file = (...states: readonly State[]) => ({
  status: states.includes("failed") ? "failed" : "passed",
  assertionResults: states.map((status, at) => ({ status, fullName: `test ${at}` })),
});

/** What is said of a run that reported these files and ended with this status. */
function summary(
  files: readonly object[] | undefined,
  ended: number,
): { readonly last: string; readonly status: number | null } {
  const folder = mkdtempSync(join(tmpdir(), "livewright-summary-"));
  const report = join(folder, "report.json");
  if (files !== undefined) writeFileSync(report, JSON.stringify({ testResults: files }));
  const { stdout, status } = spawnSync(process.execPath, ["test/summary.mjs", report, String(ended)], {
    encoding: "utf8",
  });
  rmSync(folder, { recursive: true });
  return { last: stdout.trimEnd().split("\n").at(-1)!, status };
}

const runs: readonly (readonly [string, readonly object[] | undefined, number, string, number])[] = [
  ["all passed", [file("passed", "passed"), file("passed")], 0, "3 passed, 0 failed", 0],
  ["one failed", [file("passed", "failed")], 1, "1 passed, 1 failed", 1],
  ["one was skipped, which vitest does not mind", [file("passed", "skipped")], 0, "1 passed, 1 failed", 1],
  ["one is yet to be written", [file("passed", "todo")], 0, "1 passed, 1 failed", 1],
  [
    "a file could not be loaded",
    [file("passed"), { status: "failed", assertionResults: [] }],
    1,
    "1 passed, 1 failed",
    1,
  ],
  ["an error happened outside of any test", [file("passed")], 1, "1 passed, 1 failed", 1],
  ["vitest never began", undefined, 3, "0 passed, 1 failed", 1],
  ["there were no tests at all", [], 0, "0 passed, 1 failed", 1],
];

test.each(runs)("a run in which %s is counted so", (_, files, ended, last, status) => {
  expect(summary(files, ended)).toEqual({ last, status });
});
