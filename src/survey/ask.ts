import type { Arg, Command } from "../command.ts";
import { Failure } from "../failure.ts";
import { capture } from "../system/process.ts";

/** Run a command that names no places and return what it printed. */
export function ask(
  { tool, args, env }: Command,
  signal: AbortSignal,
  accept: readonly number[] = [],
): Promise<string> {
  const text = (arg: Arg): string => {
    if (typeof arg !== "string") throw new Failure("bug", `${tool} was asked about a place`);
    return arg;
  };
  const named = Object.entries(env ?? {}).map(([name, value]) => [name, text(value)] as const);
  return capture({ tool, args: args.map(text), env: Object.fromEntries(named), signal, accept });
}
