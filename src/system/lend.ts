import { execa } from "execa";
import { Failure } from "../failure.ts";
import type { Starting } from "./child.ts";
import { environment } from "./environment.ts";
import { failed, missing, stopped } from "./outcome.ts";

type Lending = Pick<Starting, "tool" | "args" | "env" | "signal">;

/**
 * Give a program our terminal until it ends: a person talks to it, and its status is theirs. With `stdout: "stderr"` what
 * it prints does not mix with our own results.
 */
export async function interact(lending: Lending & { readonly stdout?: "stderr" }): Promise<number> {
  const { tool, args, env, signal, stdout } = lending;
  signal.throwIfAborted();
  const end = await execa("setpriv", ["--pdeathsig", "KILL", "--", tool, ...args], {
    reject: false,
    stdio: ["inherit", stdout === "stderr" ? process.stderr : "inherit", "inherit"],
    extendEnv: false,
    env: environment({ TERM: process.env["TERM"] ?? "dumb", ...env }),
    cancelSignal: signal,
  });
  if (signal.aborted) throw stopped(tool, signal);
  if (end.code === "ENOENT") throw missing("setpriv");
  return end.exitCode ?? 1;
}

/**
 * Let another program do our work with our terminal and all of our environment, and return its status. It is told by a
 * message, the failure's code, when to stop: of a terminal's signals both of us hear.
 */
export async function depute({
  tool,
  args,
  env,
  signal,
  descriptor = 2,
}: Lending & {
  /** One that is open here, for the program to have under the same number. */
  readonly descriptor?: number | undefined;
}): Promise<number> {
  signal.throwIfAborted();
  const deputy = execa(tool, args, {
    reject: false,
    stdio: ["inherit", "inherit", "inherit", ...further(descriptor)],
    buffer: false,
    ipc: true,
    serialization: "json",
    cleanup: false,
    ...(env === undefined ? {} : { env }),
  });
  const ask = (): void => {
    const { reason } = signal as { readonly reason: unknown };
    deputy.send(reason instanceof Failure ? reason.code : "interrupted", () => undefined); // It may have ended meanwhile.
  };
  signal.addEventListener("abort", ask, { once: true });
  const end = await deputy;
  signal.removeEventListener("abort", ask);
  if (end.exitCode === undefined) throw failed(tool, end, []);
  return end.exitCode;
}

/** What a program has above standard error: nothing, up to the one descriptor that it is to have. Numbers do, whatever execa's types say. */
const further = (descriptor: number): "ignore"[] =>
  Array.from({ length: Math.max(0, descriptor - 2) }, (_, at) =>
    at + 3 === descriptor ? descriptor : "ignore",
  ) as "ignore"[];
