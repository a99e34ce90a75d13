import { start, type Child, type Starting } from "./child.ts";
import { endGroup, kill, onAbort } from "./group.ts";
import { linesOf } from "./lines.ts";
import { missing, settle, stopped } from "./outcome.ts";

export interface Running extends Omit<Starting, "stdin"> {
  readonly onLine?: ((line: string) => void) | undefined;
  /** Milliseconds between asking the group to stop and killing it. */
  readonly grace?: number;
  /** Exit statuses that are no failure besides 0. */
  readonly accept?: readonly number[];
}

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

async function eachLine(child: Child, tell: (line: string) => void): Promise<void> {
  await Promise.all([child.stdout, child.stderr].map((stream) => linesOf(stream, tell)));
}
