import { Failure, type FailureCode } from "../failure.ts";
import { capture } from "../system/process.ts";

/** A fault of the painter: a failure as the program tells it, or what Node says of a file. */
export interface Fault {
  readonly failure: boolean;
  readonly message: string;
  readonly code: string | undefined;
  readonly path: string | undefined;
  readonly syscall: string | undefined;
  readonly remedy: string | undefined;
}

/** The painter's exit status when it tells a fault. Node itself ends with 1. */
export const brokenOff = 2;

/**
 * Draw in a process of its own: what sharp and its threads hold would make every program that the build starts later a slower
 * start, and whoever reads and writes meanwhile wait for a thread.
 */
export async function draw({
  painter,
  theme,
  tree,
  signal,
}: {
  readonly painter: string;
  readonly theme: string;
  readonly tree: string;
  readonly signal: AbortSignal;
}): Promise<void> {
  const told = await capture({ tool: process.execPath, args: [painter, theme, tree], signal, accept: [brokenOff] });
  if (told === "") return;
  const { failure, message, remedy, ...rest } = JSON.parse(told) as Fault;
  throw failure ? new Failure(rest.code as FailureCode, message, { remedy }) : Object.assign(new Error(message), rest);
}
