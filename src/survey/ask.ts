import type { Arg, Command } from "../command.ts";
import { Failure } from "../failure.ts";
import { capture } from "../system/process.ts";

/** A command that names no places, in words. */
export function inWords({ tool, args, env = {} }: Command): {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
} {
  const text = (arg: Arg): string => {
    if (typeof arg !== "string") throw new Failure("bug", `${tool} was asked about a place`);
    return arg;
  };
  const named = Object.entries(env).map(([name, value]) => [name, text(value)] as const);
  return { tool, args: args.map(text), env: Object.fromEntries(named) };
}

/** So many at once leave a host room that allows few open files: each tool that is asked takes up to six. */
export const questions = 6;

/** Run a command that names no places and return what it printed. */
export const ask = (command: Command, signal: AbortSignal, accept: readonly number[] = []): Promise<string> =>
  capture({ ...inWords(command), signal, accept });
