#!/usr/bin/env node
// Runs the tests as `npm test` and `npm run test:long` do: what they need is installed first, and the last line counts
// what vitest's own report says.
import { spawnSync } from "node:child_process";
import { rmSync } from "node:fs";
import { fileURLToPath } from "node:url";

process.chdir(fileURLToPath(new URL("..", import.meta.url)));
const report = ".livewright/test/report.json";
const projects = process.argv[2] === "long" ? ["long"] : ["unit", "image", "boot"];

rmSync(report, { force: true });
const status =
  run("npm", ["run", "--silent", "build"]) ||
  run("node", ["dist/main.js", "doctor", "--install", "--for", "develop", "--cache", ".livewright/cache"]) ||
  run("npx", ["--no-install", "vitest", "run", ...projects.flatMap((name) => ["--project", name])]);
process.exitCode = run("node", ["test/summary.mjs", report, String(status)]);

function run(command, words) {
  return spawnSync(command, words, { stdio: "inherit" }).status ?? 1;
}
