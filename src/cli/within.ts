import { reporter, type Mode } from "../report/reporter.ts";
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

/** Act with a session of its own; what its report drew is taken away whatever happens. */
export async function within(
  world: World,
  { progress }: Talking,
  act: (session: Session) => Promise<void>,
): Promise<void> {
  using report = reporter(progress, world.stderr, world.env);
  await act({
    signal: world.signal,
    print: (text) => void world.stdout.write(text.endsWith("\n") ? text : `${text}\n`),
    report,
  });
}
