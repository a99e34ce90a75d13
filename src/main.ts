#!/usr/bin/env node
import { setMaxListeners } from "node:events";
import { programVersion } from "./cli/about.ts";
import { isDeputy } from "./cli/deputy.ts";
import { program } from "./cli/program.ts";
import { Failure, statuses } from "./failure.ts";

/** Read now: when something has gone wrong it may be too late to open a file. */
const version = programVersion();

const stop = new AbortController();
setMaxListeners(0, stop.signal); // every tool that runs listens
const reasons = {
  SIGINT: new Failure("interrupted", "stopped by Ctrl-C"),
  SIGTERM: new Failure("terminated", "stopped by a request to terminate"),
  SIGHUP: new Failure("hangup", "stopped because the terminal went away"),
} as const;
const ask = (reason: Failure): void => {
  if (stop.signal.aborted) process.exit(statuses[reason.code]); // asked twice: leave now
  stop.abort(reason);
};
const deputy = isDeputy(process.env);
for (const [name, reason] of Object.entries(reasons)) {
  process.on(name, () => {
    if (!deputy) ask(reason);
  });
}
if (deputy) {
  process.on("message", (code) => {
    ask(Object.values(reasons).find((reason) => reason.code === code) ?? reasons.SIGTERM);
  });
  process.channel?.unref(); // Listening is no reason to stay.
}

// A reader that went away, as `| head -1` does, is no fault of ours and no reason to stop working.
for (const stream of [process.stdout, process.stderr]) {
  stream.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code === "EPIPE") return;
    process.exitCode = statuses[error.code === "ENOSPC" ? "no-space" : "step-failed"];
    if (stream === process.stdout) process.stderr.write(`The results could not be written: ${error.message}\n`);
  });
}

try {
  const { stdout, stderr, env } = process;
  const end = (status: number): void => {
    process.exitCode = status;
  };
  await program(process.argv.slice(2), { signal: stop.signal, stdout, stderr, env, end });
} catch (error) {
  const told = asked(error);
  process.exitCode = told instanceof Failure ? statuses[told.code] : statuses.bug;
  process.stderr.write(told instanceof Failure ? tell(told) : confess(told));
}

/** Whatever an orderly stop made fail, the stop is the reason. */
function asked(error: unknown): unknown {
  const followed = error instanceof Failure || (error instanceof Error && error.name === "AbortError");
  return stop.signal.aborted && followed ? (stop.signal.reason as unknown) : error;
}

function tell({ code, message, remedy, stack }: Failure): string {
  if (code === "bug") return confess(stack ?? message);
  return remedy === undefined ? `${message}\n` : `${message}\nTry: ${remedy}\n`;
}

function confess(error: unknown): string {
  const what = error instanceof Error ? (error.stack ?? error.message) : String(error);
  const versions = `livewright ${version}, node ${process.version}, ${process.platform} ${process.arch}`;
  return `${what}\nThis is a fault of livewright itself (${versions}). Please report it with the lines above.\n`;
}
