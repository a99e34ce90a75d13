import { reporter, type Mode } from "../report/reporter.ts";
import { openFiles } from "../system/limits.ts";
import { tooFewFiles } from "./mishaps.ts";
import type { Session } from "./session.ts";

/** The process, as an argument. */
export interface World {
  readonly signal: AbortSignal;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly env: NodeJS.ProcessEnv;
  /** Make this the process's exit status, where no failure says another. */
  readonly end: (status: number) => void;
}

/** The option of every command that says how it talks. */
export interface Talking {
  readonly progress: Mode;
}

/** Tools, each with three pipes, and packages that are read side by side. With fewer, execa fails in words that nobody understands. */
const fewestFiles = 128;

/** Act with a session of its own; what its report drew is taken away whatever happens. */
export async function within(
  world: World,
  { progress }: Talking,
  act: (session: Session) => Promise<void>,
): Promise<void> {
  if (openFiles() < fewestFiles) throw tooFewFiles();
  using report = reporter(progress, world.stderr, world.env);
  await act({
    signal: world.signal,
    print: (text) => void world.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    report,
  });
}
