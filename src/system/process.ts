import type { Readable, Writable } from "node:stream";
import { execa } from "execa";
import { Failure } from "../failure.ts";
import { endGroup, kill, onAbort } from "./group.ts";
import { linesOf } from "./lines.ts";
import { failed, missing, settle, stopped, type End } from "./outcome.ts";

export interface Running {
  readonly tool: string;
  readonly args: readonly string[];
  readonly signal: AbortSignal;
  readonly onLine?: ((line: string) => void) | undefined;
  readonly env?: Readonly<Record<string, string>> | undefined;
  readonly cwd?: string | undefined;
  /** Written to standard input, which is otherwise closed. */
  readonly input?: string | undefined;
  /** A file to read from instead. */
  readonly inputFile?: string | undefined;
  /** Milliseconds between asking the group to stop and killing it. */
  readonly grace?: number;
  /** Exit statuses that are no failure besides 0. */
  readonly accept?: readonly number[];
}

/** What every tool sees; the caller's own environment does not reach it, but for the proxy and the time of the build. */
const passed = ["TMPDIR", "http_proxy", "https_proxy", "ftp_proxy", "no_proxy"] as const;

/** How many of a failing tool's last lines its failure quotes. */
const tailLength = 30;

/** Run a tool to its end, its lines told one by one. Dying by a signal is a failure, and so is any status not accepted. */
export async function run(running: Running): Promise<number> {
  const { signal, onLine } = running;
  const child = start(running);
  const tail: string[] = [];
  using _ = onAbort(signal, () => endGroup(child.pid, running.grace ?? 10_000));
  await eachLine(child, (line) => {
    tail.push(line);
    if (tail.length > tailLength) tail.shift();
    onLine?.(line);
  });
  return settle(running, await child, tail);
}

/** Run a tool and return its standard output as text. Standard error joins the failure, if there is one. */
export async function capture(running: Omit<Running, "onLine">): Promise<string> {
  return (await captureBytes(running)).toString("utf8");
}

/** Like `capture`, for output that is not text. */
export async function captureBytes(running: Omit<Running, "onLine">): Promise<Buffer> {
  const out: Buffer[] = [];
  await pour(running, (piece) => void out.push(piece));
  return Buffer.concat(out);
}

/**
 * Run a tool and hand on its standard output piece by piece, as fast as it is taken; standard error's lines are told.
 * When `take` throws, the tool is ended and that error is the outcome.
 */
export async function pour(running: Running, take: (piece: Buffer) => void | Promise<void>): Promise<void> {
  const { tool, signal, onLine } = running;
  const child = start(running);
  const grace = running.grace ?? 10_000;
  using _ = onAbort(signal, () => endGroup(child.pid, grace));
  const tail: string[] = [];
  const told = linesOf(child.stderr, (line) => {
    tail.push(line);
    if (tail.length > tailLength) tail.shift();
    onLine?.(line);
  });
  try {
    for await (const piece of (child.stdout ?? []) as AsyncIterable<Buffer>) await take(piece);
  } catch (error) {
    using _ending = endGroup(child.pid, grace);
    await child;
    if (signal.aborted) throw stopped(tool, signal);
    throw error;
  }
  const [end] = await Promise.all([child, told]);
  settle(running, end, tail);
}

/**
 * Give a program our terminal until it ends: a person talks to it, and its status is theirs. With `stdout: "stderr"` what
 * it prints does not mix with our own results.
 */
export async function interact(
  running: Pick<Running, "tool" | "args" | "env" | "signal"> & { readonly stdout?: "stderr" },
): Promise<number> {
  const { tool, args, env, signal, stdout } = running;
  signal.throwIfAborted();
  const end = await execa("setpriv", ["--pdeathsig", "KILL", "--", tool, ...args], {
    reject: false,
    stdio: ["inherit", stdout === "stderr" ? process.stderr : "inherit", "inherit"],
    extendEnv: false,
    env: { ...inherited(), PATH: searchPath(), TERM: process.env["TERM"] ?? "dumb", LC_ALL: "C.UTF-8", ...env },
    cancelSignal: signal,
  });
  if (signal.aborted) throw stopped(tool, signal);
  if (end.code === "ENOENT") throw missing("setpriv");
  return end.exitCode ?? 1;
}

/**
 * Let another program do our work with our terminal and all of our environment, and return its status. It is told by a
 * message, the failure's code, when to stop: of a terminal's signals both of us hear.
 */
export async function depute({
  tool,
  args,
  env,
  signal,
  descriptor = 2,
}: Pick<Running, "tool" | "args" | "env" | "signal"> & {
  /** One that is open here, for the program to have under the same number. */
  readonly descriptor?: number | undefined;
}): Promise<number> {
  signal.throwIfAborted();
  const deputy = execa(tool, args, {
    reject: false,
    stdio: ["inherit", "inherit", "inherit", ...further(descriptor)],
    buffer: false,
    ipc: true,
    serialization: "json",
    cleanup: false,
    ...(env === undefined ? {} : { env }),
  });
  const ask = (): void => {
    const { reason } = signal as { readonly reason: unknown };
    deputy.send(reason instanceof Failure ? reason.code : "interrupted", () => undefined); // It may have ended meanwhile.
  };
  signal.addEventListener("abort", ask, { once: true });
  const end = await deputy;
  signal.removeEventListener("abort", ask);
  if (end.exitCode === undefined) throw failed(tool, end, []);
  return end.exitCode;
}

/** What a program has above standard error: nothing, up to the one descriptor that it is to have. Numbers do, whatever execa's types say. */
const further = (descriptor: number): "ignore"[] =>
  Array.from({ length: Math.max(0, descriptor - 2) }, (_, at) =>
    at + 3 === descriptor ? descriptor : "ignore",
  ) as "ignore"[];

/** A program that runs beside us: QEMU, a server. Its whole group ends when it is disposed of, when the signal aborts, or with us. */
export interface Companion extends AsyncDisposable {
  readonly pid: number;
  readonly stdout: NodeJS.ReadableStream;
  readonly stderr: NodeJS.ReadableStream;
  readonly stdin: NodeJS.WritableStream;
  /** Settles when the program has ended, with its status or the signal's name. Never rejects. */
  readonly ended: Promise<{ readonly status: number | undefined; readonly signal: string | undefined }>;
}

export function accompany(running: Omit<Running, "onLine" | "input">): Companion {
  const child = start({ ...running, stdin: "pipe" });
  const grace = running.grace ?? 2_000;
  const watch = onAbort(running.signal, () => endGroup(child.pid, grace));
  const ended = Promise.resolve(child).then((end) => {
    watch[Symbol.dispose]();
    kill(child.pid, "SIGKILL"); // whatever of the group outlived its leader
    return { status: end.exitCode, signal: end.signal };
  });
  if (child.pid === undefined || child.stdout === null || child.stderr === null || child.stdin === null)
    throw missing(running.tool);
  child.stdin.on("error", () => undefined); // The program closed its input; its end is told by `ended`.
  return {
    pid: child.pid,
    stdout: child.stdout,
    stderr: child.stderr,
    stdin: child.stdin,
    ended,
    async [Symbol.asyncDispose]() {
      using _ = endGroup(child.pid, grace);
      await ended;
    },
  };
}

/** What is used of a child, and may be absent: it may not have started, and only asked-for streams are there. */
interface Child extends Promise<End> {
  readonly pid?: number | undefined;
  readonly stdin: Writable | null;
  readonly stdout: Readable | null;
  readonly stderr: Readable | null;
}

/**
 * Every tool dies with us, however we die: `setpriv --pdeathsig` asks the kernel for that (prctl(2), PR_SET_PDEATHSIG).
 * Each leads a group of its own, so that an abort reaches its children; execa 9 would end the direct child only.
 */
function start({ tool, args, signal, env, cwd, input, inputFile, stdin }: Running & { stdin?: "pipe" }): Child {
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
    env: { ...inherited(), PATH: searchPath(), LC_ALL: "C.UTF-8", TZ: "UTC", ...env },
    ...(cwd === undefined ? {} : { cwd }),
  } as const;
  const child = execa("setpriv", ["--pdeathsig", "KILL", "--", tool, ...args], options) as unknown as Child;
  if (input !== undefined) {
    child.stdin?.on("error", () => undefined); // A tool may end without reading all of it.
    child.stdin?.end(input);
  }
  return child;
}

const inherited = (): Record<string, string> =>
  Object.fromEntries(passed.flatMap((name) => (process.env[name] === undefined ? [] : [[name, process.env[name]]])));

/** Administration tools live in sbin, which an ordinary user's PATH lacks on Debian. */
const searchPath = (): string => `${process.env["PATH"] ?? "/usr/bin:/bin"}:/usr/sbin:/sbin`;

async function eachLine(child: Child, tell: (line: string) => void): Promise<void> {
  await Promise.all([child.stdout, child.stderr].map((stream) => linesOf(stream, tell)));
}
