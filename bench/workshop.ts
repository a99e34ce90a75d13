import { randomUUID } from "node:crypto";
import { createWriteStream, existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, stat } from "node:fs/promises";
import { basename, join } from "node:path";
import { run } from "../src/system/process.ts";
import type { Run } from "./figures.ts";
import { timeOutput } from "./time-output.ts";

/** Where one peer is measured. */
export interface Workshop {
  readonly folder: string;
  /** Where the archives are that all build from. */
  readonly mirror: Mirror;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

export interface Mirror {
  readonly main: string;
  readonly security: string;
}

/** A program and its arguments. */
export type Words = readonly [string, ...string[]];

export interface Measured {
  readonly words: Words;
  /** The ISO it makes. */
  readonly iso: string;
  readonly cwd?: string;
}

/** Run a program to its end under GNU time. What it says goes to a log. */
export async function measured({ folder, signal }: Workshop, { words, iso, cwd = folder }: Measured): Promise<Run> {
  const spent = join(folder, "time");
  // What others left to be written is not this run's.
  await run({ tool: "sync", args: [], signal });
  const began = performance.now();
  await logged(folder, { words: ["time", "--verbose", `--output=${spent}`, "--", ...words], cwd, signal });
  const wall = (performance.now() - began) / 1000;
  return { wall, ...timeOutput(await readFile(spent, "utf8")), iso: existsSync(iso) ? (await stat(iso)).size : 0 };
}

/** Where what is no longer wanted waits for the end. */
const discarded = (folder: string): string => join(folder, "discarded");

/**
 * Get rid of a file or folder without deleting it now, beside what is measured.
 */
export async function discard(path: string, { folder }: Workshop): Promise<void> {
  if (!existsSync(path)) return;
  await mkdir(discarded(folder), { recursive: true });
  await rename(path, join(discarded(folder), `${basename(path)}.${randomUUID()}`));
}

/** Delete what was discarded, while nothing is measured. */
export const tidy = ({ folder }: Workshop): Promise<void> => rm(discarded(folder), { recursive: true, force: true });

/** Run a program that is not measured. */
export async function logged(
  folder: string,
  { words: [tool, ...args], cwd, signal }: { words: Words; cwd: string; signal: AbortSignal },
): Promise<void> {
  const log = createWriteStream(join(folder, "log"), { flags: "a" });
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run({ tool, args, cwd, env, signal, onLine: (line) => void log.write(`${line}\n`) }).finally(() => log.end());
}

/** The one in the middle by its clock: short runs are repeated, for a machine is never quite idle. */
export const middle = (runs: readonly Run[]): Run => middleBy(runs, ({ wall }) => wall);

/** The number in the middle; of two, the lower. */
export const median = (numbers: readonly number[]): number => middleBy(numbers, (number) => number);

function middleBy<Each>(all: readonly Each[], size: (each: Each) => number): Each {
  const sorted = [...all].sort((a, b) => size(a) - size(b));
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
}
