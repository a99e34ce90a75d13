import { createHash, randomBytes } from "node:crypto";
import { Failure } from "../failure.ts";
import type { Line } from "./line.ts";

export interface Answer {
  readonly status: number;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** A shell in the guest, at the other end of a serial line. */
export interface Shell {
  /** Who the shell is: "root" where the user may become it. */
  readonly user: "root" | "user";
  /** Run a command to its end, with nothing on standard input. `name` tells what was asked when no answer comes. */
  ask(name: string, command: string, seconds?: number): Promise<Answer>;
}

/** Ask for the hash of something nobody could know before. True when the guest gave the right one. */
export async function proves(line: Line, signal: AbortSignal, seconds: number): Promise<boolean> {
  const nonce = randomBytes(16).toString("hex");
  const since = line.mark();
  line.send(`\nprintf %s ${nonce} | sha256sum\n`);
  const right = createHash("sha256").update(nonce).digest("hex");
  return (await line.hear(new RegExp(right), { within: seconds, signal }, since)) !== undefined;
}

/** Ask over a line that a shell listens on, after it proved to be one. */
export const shellOn = (line: Line, user: Shell["user"], signal: AbortSignal): Shell => ({
  user,
  async ask(name, command, seconds = 120) {
    const tag = randomBytes(8).toString("hex");
    const since = line.mark();
    line.send(framed(command, tag));
    const heard = await line.hear(answerOf(tag), { within: seconds, signal }, since);
    if (heard === undefined)
      throw new Failure("boot-failed", `the guest gave no answer within ${String(seconds)} s: ${name}`);
    return { status: Number(heard[2]), output: (heard[1] ?? "").replaceAll("\r", "").replace(/\n$/, "") };
  },
});

/** Two halves make the tag, so that a line which echoes the command does not look like its answer. */
export function framed(command: string, tag: string): string {
  const halves = `${tag.slice(0, 8)}''${tag.slice(8)}`;
  return `echo ${halves}:; sh -c ${quoted(command)} </dev/null 2>&1; s=$?; echo; echo ${halves}=$s\n`;
}

/** As one word for a POSIX shell. */
export const quoted = (text: string): string => `'${text.replaceAll("'", `'\\''`)}'`;

export const answerOf = (tag: string): RegExp => new RegExp(`${tag}:\\r?\\n([\\s\\S]*?)\\r?\\n${tag}=(\\d+)`);
