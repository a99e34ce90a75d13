import type { Report } from "../events.ts";

/** What every subcommand is given: how to stop, where results go, where the talk goes. */
export interface Session {
  readonly signal: AbortSignal;
  /** Write a result to standard output; the only way there. */
  readonly print: (text: string) => void;
  /** Tell what is going on, on standard error, as --progress asks. */
  readonly report: Report;
}
