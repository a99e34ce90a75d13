import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { environment } from "./environment.ts";
import { giveWay } from "./give-way.ts";
import type { End } from "./outcome.ts";

export interface Starting {
  readonly tool: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Written to standard input, which is otherwise closed. */
  readonly input?: string | undefined;
  /** A file to read from instead. */
  readonly inputFile?: string | undefined;
  /** Standard input stays open, for whoever started it to write to. */
  readonly stdin?: "pipe";
  /** Others have the processors first. */
  readonly givesWay?: boolean | undefined;
}

/** What is used of a child, and may be absent: it may not have started, and only asked-for streams are there. */
export interface Child extends Promise<End> {
  readonly pid?: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/**
 * Every tool dies with us, however we die: `setpriv --pdeathsig` asks the kernel for that (prctl(2), PR_SET_PDEATHSIG).
 * Each leads a group of its own, so that an abort reaches its children; execa 9 would end the direct child only.
 */
export function start({ tool, args, signal, env, cwd, input, inputFile, stdin, givesWay }: Starting): Child {
  signal.throwIfAborted();
  const options = {
    detached: true,
    reject: false,
    buffer: false,
    encoding: "buffer",
    stdin: stdin ?? (inputFile === undefined ? (input === undefined ? "ignore" : "pipe") : { file: inputFile }),
    stdout: "pipe",
    stderr: "pipe",
    cleanup: false,
    extendEnv: false,
    env: environment({ TZ: "UTC", ...env }),
    ...(cwd === undefined ? {} : { cwd }),
  } as const;
  const child = execa("setpriv", ["--pdeathsig", "KILL", "--", tool, ...args], options) as unknown as Child;
  if (givesWay === true && child.pid !== undefined) giveWay(child.pid);
  if (input !== undefined) {
    child.stdin?.on("error", () => undefined); // A tool may end without reading all of it.
    child.stdin?.end(input);
  }
  return child;
}
