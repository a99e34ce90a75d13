#!/usr/bin/env node
// How long a build takes, and how long one small change: each as a ratio to the first, since absolute times drift.
// Usage: npm run bench [-- RECIPE]. Packages are downloaded beforehand, so that the network is not what is measured.
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const program = fileURLToPath(new URL("../dist/main.js", import.meta.url));
const parent = process.argv[2] ?? "minimal";
const folder = mkdtempSync(join(tmpdir(), "livewright-bench-"));
const recipe = join(folder, "recipe.yaml");
const cache = join(folder, "cache");

const text = (more = "") => `name: bench\nextends: ${parent}\nlayers:\n  - {name: bench, files: overlay/${more}}\n`;
const lay = (line) => {
  mkdirSync(join(folder, "overlay/etc"), { recursive: true });
  writeFileSync(join(folder, "overlay/etc/bench"), `${line}\n`);
};

function build(...words) {
  const began = performance.now();
  const { status, stderr } = spawnSync(
    process.execPath,
    [program, "build", recipe, "--cache", cache, "-o", join(folder, "out"), "--progress", "plain", ...words],
    { encoding: "utf8" },
  );
  if (status !== 0) throw new Error(stderr);
  return (performance.now() - began) / 1000;
}

/** What is measured, in order: each begins where the one before ended. */
const runs = [
  ["from nothing, packages downloaded", () => build()],
  ["nothing changed", () => build()],
  ["a menu title changed", () => build("--set", "menu.title=Bench")],
  ["one line of a laid file changed", () => (lay("two"), build())],
  ["one package more", () => (writeFileSync(recipe, text(", packages: [htop]")), build())],
];

try {
  lay("one");
  writeFileSync(recipe, text(", packages: [htop]"));
  build();
  cpSync(join(cache, "shared"), join(folder, "shared"), { recursive: true });
  rmSync(cache, { recursive: true });
  mkdirSync(cache);
  cpSync(join(folder, "shared"), join(cache, "shared"), { recursive: true });
  writeFileSync(recipe, text());
  const told = runs.map(([name, run]) => ({ name, seconds: run() }));
  for (const { name, seconds } of told)
    console.log(`${name.padEnd(36)} ${seconds.toFixed(1).padStart(7)} s  ${(seconds / told[0].seconds).toFixed(3)}`);
  console.log(JSON.stringify({ recipe: parent, runs: told }));
} finally {
  rmSync(folder, { recursive: true, force: true });
}
