import { spawn } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";

export const checkout = fileURLToPath(new URL("..", import.meta.url)).replace(/\/$/, "");

/** The stages that tests build are kept here from run to run, as a user's are. */
export const testCache = `${checkout}/.livewright/cache`;

export interface Outcome {
  readonly status: number | null;
  readonly signal: NodeJS.Signals | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

export interface Circumstances {
  readonly env?: NodeJS.ProcessEnv;
  readonly cwd?: string;
  /** Written to standard input, which is otherwise closed. */
  readonly input?: string;
  /** A whole command line to run instead, with the program somewhere in it. */
  readonly run?: readonly [string, ...string[]];
  /** Seconds after which `signal` is sent. */
  readonly stopAfter?: number;
  /** Asked again and again until it says yes; then `signal` is sent. */
  readonly stopWhen?: () => Promise<boolean>;
  readonly stopWith?: NodeJS.Signals;
}

/** Run the program as a person would: `dist/main.js` in a process of its own, with no terminal and closed input. */
export async function livewright(words: readonly string[], how: Circumstances = {}): Promise<Outcome> {
  const began = performance.now();
  const [tool, ...given] = how.run ?? [process.execPath, `${checkout}/dist/main.js`, ...words];
  const child = spawn(tool, given, {
    cwd: how.cwd ?? checkout,
    env: how.env ?? process.env,
    stdio: ["pipe", "pipe", "pipe"],
  });
  child.stdin.on("error", () => undefined); // It may end without reading.
  child.stdin.end(how.input ?? "");
  let stdout = "";
  let stderr = "";
  child.stdout.on("data", (piece: Buffer) => (stdout += piece.toString()));
  child.stderr.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const timer =
    how.stopAfter === undefined
      ? undefined
      : setTimeout(() => child.kill(how.stopWith ?? "SIGINT"), how.stopAfter * 1000);
  let over = false;
  const watch = async (ready: () => Promise<boolean>): Promise<void> => {
    while (!over && !(await ready())) await sleep(100);
    child.kill(how.stopWith ?? "SIGINT");
  };
  if (how.stopWhen !== undefined) void watch(how.stopWhen);
  return await new Promise((resolve, reject) => {
    child.on("error", reject);
    child.on("close", (status, signal) => {
      over = true;
      clearTimeout(timer);
      resolve({ status, signal, stdout, stderr, seconds: (performance.now() - began) / 1000 });
    });
  });
}
