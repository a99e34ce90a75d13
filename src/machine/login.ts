import { Failure } from "../failure.ts";
import type { Machine } from "./machine.ts";
import { proves, shellOn, type Shell } from "./shell.ts";

export interface Login {
  readonly user: string;
  readonly password: string;
  /** Whether the password must not show up in a log. Those of shipped recipes are in the manual. */
  readonly secret: boolean;
}

export interface Entering {
  readonly login: Login;
  readonly sudo: boolean;
  readonly signal: AbortSignal;
  readonly tell: (text: string) => void;
}

/** What sudo asks for the password with, so that it can be told from login's own question. */
export const sudoPrompt = "secret-for-sudo:";

/** Where the guest's root shell says that it is there. */
export const hello = "root shell is here";

/** Short, because it may have to be typed: a root shell moves to the second serial line and says so there. */
export const moveOver =
  `sudo -p ${sudoPrompt} sh -c 'exec </dev/ttyS1 >/dev/ttyS1 2>&1;stty raw -echo;echo ${hello};exec sh'` +
  `||echo no sudo>/dev/ttyS1`;

/** Log in at the getty of the serial console. The prompts are only cues: what counts is the answer to a nonce. */
export async function loginBySerial(machine: Machine, entering: Entering): Promise<Shell> {
  const { console, talk } = machine;
  const { login, signal, tell } = entering;
  let since = 0;
  let refusals = 0;
  tell("waiting for the login prompt on the serial console");
  for (;;) {
    const cue = await console.hear(
      /(?<login>login: ?)|(?<refused>Login incorrect)|(?<shell>[$#] $)/,
      wait(3600, signal),
      since,
    );
    if (cue === undefined) throw new Failure("boot-failed", "no login prompt appeared on the serial console");
    since += cue.index + cue[0].length;
    if (cue.groups?.["refused"] !== undefined) {
      if (++refusals > 1) throw new Failure("boot-failed", `the guest refuses the login of "${login.user}"`);
      continue;
    }
    if (cue.groups?.["shell"] === undefined) {
      since = console.mark();
      console.send(`${login.user}\n`);
      if ((await console.hear(/assword: ?/, wait(30, signal), since)) === undefined) {
        console.send("\n");
        continue;
      }
      since = console.mark();
      console.send(`${login.password}\n`);
      const next = await console.hear(/[$#] ?$|Login incorrect/, wait(60, signal), since);
      if (next?.[0] === "Login incorrect") continue;
    }
    tell("logged in on the serial console");
    if (!entering.sudo) return await stay(machine, signal);
    since = console.mark();
    console.send(`${moveOver}\n`);
    const asked = await console.hear(new RegExp(`${sudoPrompt}$`), wait(5, signal), since);
    if (asked !== undefined) console.send(`${login.password}\n`);
    if ((await talk.hear(new RegExp(hello), wait(60, signal))) !== undefined && (await proves(talk, signal, 60)))
      return shellOn(talk, "root", signal);
    console.send("\u0003\n");
  }
}

/** A user who may not become root answers where he logged in. */
async function stay({ console }: Machine, signal: AbortSignal): Promise<Shell> {
  console.send("exec sh\n");
  console.send("PS1=; stty -echo\n");
  if (!(await proves(console, signal, 60)))
    throw new Failure("boot-failed", "the shell on the serial console gave no right answer");
  return shellOn(console, "user", signal);
}

const wait = (within: number, signal: AbortSignal): { within: number; signal: AbortSignal } => ({ within, signal });
