import { mkdir, readFile, stat } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { execa } from "execa";
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

/** Run a program to its end under GNU time. What it says goes to a log, whose end is told when it fails. */
export async function measured({ folder, signal }: Workshop, { words, iso, cwd = folder }: Measured): Promise<Run> {
  const spent = join(folder, "time");
  // What others left to be written is not this run's.
  await execa("sync");
  const began = performance.now();
  await logged(folder, { words: ["time", "--verbose", `--output=${spent}`, "--", ...words], cwd, signal });
  const wall = (performance.now() - began) / 1000;
  return { wall, ...timeOutput(await readFile(spent, "utf8")), iso: existsSync(iso) ? (await stat(iso)).size : 0 };
}

/** Run a program that is not measured. */
export async function logged(
  folder: string,
  { words: [tool, ...args], cwd, signal }: { words: Words; cwd: string; signal: AbortSignal },
): Promise<void> {
  await mkdir(folder, { recursive: true });
  const log = join(folder, "log");
  const file = { file: log, append: true } as const;
  const done = await execa(tool, args, {
    ...{ cwd, cancelSignal: signal, forceKillAfterDelay: 20_000, reject: false, buffer: false },
    env: { DEBIAN_FRONTEND: "noninteractive", LC_ALL: "C.UTF-8" },
    ...({ stdin: "ignore", stdout: file, stderr: file } as const),
  });
  signal.throwIfAborted();
  if (!done.failed) return;
  const end = (await readFile(log, "utf8")).trimEnd().split("\n").slice(-20).join("\n");
  throw new Error(
    `${tool} ${args.join(" ")}\nended with ${done.exitCode ?? done.signal ?? "no status"}; ${log} ends so:\n${end}`,
  );
}

/** The one in the middle by its clock: short runs are repeated, for a machine is never quite idle. */
export const middle = (runs: readonly Run[]): Run => {
  const sorted = [...runs].sort((a, b) => a.wall - b.wall);
  return sorted[Math.floor((sorted.length - 1) / 2)]!;
};
