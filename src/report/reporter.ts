import type { Report } from "../events.ts";
import { json } from "./json.ts";
import { plain } from "./plain.ts";
import { quiet } from "./quiet.ts";
import { terminal } from "./terminal.ts";

export const modes = ["auto", "tty", "plain", "json", "quiet"] as const;
export type Mode = (typeof modes)[number];

/** Where the talk goes: standard error, or a stand-in. */
export interface Stream {
  write(text: string): unknown;
  readonly isTTY?: boolean;
}

/** A report with an end: what it drew and the clocks it keeps go when it is disposed of. */
export type Reporter = Report & Disposable;

/** Turn events into words on `stream`. `auto` draws on a terminal and writes lines elsewhere; so does `tty` off a terminal. */
export function reporter(mode: Mode, stream: Stream, env: NodeJS.ProcessEnv): Reporter {
  switch (mode) {
    case "json":
      return json(stream);
    case "quiet":
      return quiet(stream);
    case "plain":
      return plain(stream);
    case "tty":
      return isTerminal(stream) ? terminal(stream, colours(env)) : plain(stream);
    case "auto":
      return isTerminal(stream) && draws(env) ? terminal(stream, colours(env)) : plain(stream);
  }
}

const isTerminal = (stream: Stream): stream is NodeJS.WriteStream => stream.isTTY === true;

/** Continuous integration keeps a log, and a dumb terminal cannot move its cursor. */
const draws = (env: NodeJS.ProcessEnv): boolean => !isSet(env["CI"]) && env["TERM"] !== "dumb";

/** https://no-color.org: set and not empty means none. */
const colours = (env: NodeJS.ProcessEnv): boolean => !isSet(env["NO_COLOR"]);

const isSet = (value: string | undefined): boolean => value !== undefined && value !== "" && value !== "false";
