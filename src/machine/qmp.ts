import { createInterface } from "node:readline";
import { Failure } from "../failure.ts";
import { orStop, scale } from "./wait.ts";

/** What the emulator tells of its own accord, such as `RESET` with `{ guest: true, reason: "guest-reset" }`. */
export interface QmpEvent {
  readonly event: string;
  readonly data: Readonly<Record<string, unknown>>;
}

/** The emulator's control line: commands are answered in the order they were asked, events come in between. */
export interface Qmp {
  ask(command: string, args: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<unknown>;
}

interface Message {
  readonly QMP?: unknown;
  readonly event?: string;
  readonly data?: Readonly<Record<string, unknown>>;
  readonly id?: number;
  readonly return?: unknown;
  readonly error?: { readonly desc?: string };
}

interface Waiting {
  readonly resolve: (value: unknown) => void;
  readonly reject: (error: Failure) => void;
}

/** Seconds in which an emulator must answer; it does at once unless the host is overwhelmed. */
const patience = 60;

/** Speak QMP over a pair of streams. Greets first, as the protocol wants. */
export async function speakQmp(
  from: NodeJS.ReadableStream,
  to: NodeJS.WritableStream,
  on: { readonly event: (event: QmpEvent) => void; readonly signal: AbortSignal },
): Promise<Qmp> {
  const waiting = new Map<number, Waiting>();
  let greeted: (() => void) | undefined;
  const greeting = new Promise<void>((resolve) => (greeted = resolve));
  const lines = createInterface({ input: from, crlfDelay: Infinity });
  lines.on("line", (line) => {
    const message = parsed(line);
    if (message?.QMP !== undefined) greeted?.();
    else if (message?.event !== undefined) on.event({ event: message.event, data: message.data ?? {} });
    else if (message?.id !== undefined) settle(message, waiting.get(message.id));
  });
  lines.on("close", () => {
    for (const { reject } of waiting.values()) reject(new Failure("boot-failed", "the emulator has ended"));
    waiting.clear();
  });
  let last = 0;
  const qmp: Qmp = {
    async ask(command, args, signal) {
      const id = ++last;
      const answer = new Promise((resolve, reject: (error: Failure) => void) => waiting.set(id, { resolve, reject }));
      answer.catch(() => undefined); // Whoever asked may have stopped listening.
      to.write(`${JSON.stringify({ execute: command, arguments: args, id })}\n`);
      try {
        return await timely(answer, `"${command}"`, signal);
      } finally {
        waiting.delete(id);
      }
    },
  };
  await timely(greeting, "the greeting", on.signal);
  await qmp.ask("qmp_capabilities", {}, on.signal);
  return qmp;
}

async function timely<T>(promise: Promise<T>, what: string, signal: AbortSignal): Promise<T> {
  const late = new AbortController();
  const timer = setTimeout(
    () => {
      late.abort(new Failure("boot-failed", `the emulator did not answer ${what} within ${String(patience)} s`));
    },
    patience * 1000 * scale(),
  );
  try {
    return await orStop(promise, AbortSignal.any([signal, late.signal]));
  } finally {
    clearTimeout(timer);
  }
}

function settle(message: Message, asked: Waiting | undefined): void {
  if (message.error === undefined) asked?.resolve(message.return);
  else asked?.reject(new Failure("boot-failed", `the emulator refused: ${message.error.desc ?? "no reason given"}`));
}

/** Anything that is no JSON object is a warning that QEMU printed on the same stream. */
function parsed(line: string): Message | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === "object" && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}
