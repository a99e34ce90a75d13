// Counts a report of vitest's: `node test/summary.mjs REPORT STATUS`, where STATUS is what vitest ended with. Prints
// "N passed, N failed" as its last line. A skipped test has failed: nothing may be skipped.
import { existsSync, readFileSync } from "node:fs";

const [report = "", status = "1"] = process.argv.slice(2);
const files = existsSync(report) ? JSON.parse(readFileSync(report, "utf8")).testResults : [];
const tests = files.flatMap((file) => file.assertionResults);
const passed = tests.filter((it) => it.status === "passed").length;
const skipped = tests.filter((it) => it.status !== "passed" && it.status !== "failed");
for (const { fullName } of skipped) console.log(`skipped, and nothing may be: ${fullName}`);

// A file that could not be loaded has no tests to count; an error outside of any test shows in the status alone.
const broken = files.filter(
  (file) => file.status === "failed" && file.assertionResults.every((it) => it.status !== "failed"),
);
const known = tests.filter((it) => it.status === "failed").length + skipped.length + broken.length;
const failed = known === 0 && (status !== "0" || passed === 0) ? 1 : known;
console.log(`${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
