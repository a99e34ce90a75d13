import { Failure } from "../failure.ts";

/** How a program ended, in execa's words. */
export interface End {
  readonly failed: boolean;
  readonly exitCode?: number | undefined;
  readonly signal?: string | undefined;
  readonly code?: string | undefined;
}

/** The status of a program that ended; a stop, a signal and any status that is not accepted are thrown. */
export function settle(
  { tool, signal, accept = [] }: { tool: string; signal: AbortSignal; accept?: readonly number[] },
  end: End,
  tail: readonly string[],
): number {
  if (signal.aborted) throw stopped(tool, signal);
  if (end.failed && !(end.exitCode !== undefined && accept.includes(end.exitCode))) throw failed(tool, end, tail);
  return end.exitCode ?? 0;
}

export function failed(tool: string, end: End, tail: readonly string[]): Failure {
  if (end.code === "ENOENT") return missing("setpriv");
  if (end.exitCode === 127 && tail.some((line) => line.startsWith("setpriv: failed to execute"))) return missing(tool);
  const how = end.signal === undefined ? `exited with status ${String(end.exitCode)}` : `was killed by ${end.signal}`;
  return new Failure("step-failed", [`${tool} ${how}`, ...tail].join("\n"), { cause: end });
}

export const missing = (tool: string): Failure =>
  new Failure("host-unready", `${tool} is needed and was not found`, { remedy: "livewright doctor --install" });

export const stopped = (tool: string, { reason }: AbortSignal): Failure =>
  reason instanceof Failure ? reason : new Failure("interrupted", `${tool} was stopped`, { cause: reason });
