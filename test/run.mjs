#!/usr/bin/env node
// Runs the tests as `npm test` and `npm run test:long` do: what they need is installed first, nothing may be skipped,
// and the last line counts what vitest's own report says.
import { spawnSync } from "node:child_process";
import { readFileSync, rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

const checkout = fileURLToPath(new URL("..", import.meta.url));
const report = `${checkout}.livewright/test/report.json`;
const projects = process.argv[2] === "long" ? ["long"] : ["unit", "image", "boot"];

process.chdir(checkout);
run("npm", ["run", "--silent", "build"]) || leave(1);
// `--cache` lies in the checkout, where the tests keep what they build.
run("node", ["dist/main.js", "doctor", "--install", "--for", "develop", "--cache", ".livewright/cache"]) || leave(3);
rmSync(report, { force: true });
const fine = run("npx", ["vitest", "run", ...projects.flatMap((name) => ["--project", name])]);
const { passed, failed, skipped } = count(fine);
for (const name of skipped) process.stdout.write(`skipped, and nothing may be: ${name}\n`);
process.stdout.write(`${passed} passed, ${failed + skipped.length} failed\n`);
process.exitCode = failed + skipped.length === 0 ? 0 : 1;

function run(command, words) {
  return spawnSync(command, words, { stdio: "inherit" }).status === 0;
}

function leave(status) {
  process.stdout.write("0 passed, 1 failed\n");
  process.exit(status);
}

/** Files that could not even be loaded have no tests in the report, and errors outside any test show in the status only. */
function count(fine) {
  const files = JSON.parse(readFileSync(report, "utf8")).testResults;
  const tests = files.flatMap((file) => file.assertionResults);
  const of = (...states) => tests.filter(({ status }) => states.includes(status));
  const broken = files.filter(
    ({ status, assertionResults }) => status === "failed" && assertionResults.every((it) => it.status !== "failed"),
  );
  const failures = of("failed").length + broken.length;
  return {
    passed: of("passed").length,
    failed: fine || failures > 0 ? failures : 1,
    skipped: of("pending", "skipped", "todo", "disabled").map(({ fullName }) => fullName),
  };
}
