import { Failure } from "../failure.ts";
import type { Line } from "./line.ts";
import type { Machine } from "./machine.ts";
import { proves, shellOn, type Shell } from "./shell.ts";
import { until } from "./wait.ts";

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
export const sudoPrompt = "for sudo:";

/** What comes over the second serial line when a shell has moved there, or could not become root. */
export const arrival = /root is here|no sudo/;

/** A root shell moves to the second serial line and says so there. Short, because it may have to be typed. */
export const moveOver =
  `sudo -p '${sudoPrompt}' sh -c 'exec <>/dev/ttyS1 >&0 2>&0;stty raw -echo;echo root is here;exec sh'` +
  `||echo no sudo>/dev/ttyS1`;

/** What to say of a shell that has no sudo, although the medium says that its user may use it. */
export const noSudo =
  "a shell answered in which sudo does not work: the initramfs' or an emergency shell, or a user who may not";

interface Cue {
  readonly at: "login" | "refused" | "shell";
  readonly end: number;
}

/** Log in at the getty of the serial console. The prompts are only cues: what counts is the answer to a nonce. */
export async function loginBySerial(machine: Machine, entering: Entering): Promise<Shell> {
  const { signal, tell } = entering;
  let since = 0;
  let refusals = 0;
  tell("waiting for the login prompt on the serial console");
  for (;;) {
    const cue = await nextCue(machine, since, signal);
    since = cue.end;
    if (cue.at === "refused" && ++refusals > 1) throw refused(entering.login);
    if (cue.at === "login") since = await giveName(machine, entering, since);
    if (cue.at !== "shell") continue;
    tell("logged in on the serial console");
    const shell = entering.sudo ? await becomeRoot(machine, entering) : await stay(machine, signal);
    if (shell !== undefined) return shell;
    since = machine.console.mark();
    machine.console.send("\u0003\n");
  }
}

async function nextCue({ console }: Machine, since: number, signal: AbortSignal): Promise<Cue> {
  const pattern = /(?<login>(?<!Last )login: ?)|(?<refused>Login incorrect)|(?<shell>[$#] $)/;
  const found = await console.hear(pattern, { within: Infinity, signal }, since);
  if (found === undefined) throw new Failure("boot-failed", "no login prompt appeared on the serial console");
  const at = (["login", "refused", "shell"] as const).find((name) => found.groups?.[name] !== undefined) ?? "shell";
  return { at, end: since + found.index + found[0].length };
}

/** Give name and password. Returns from where to listen for what the guest makes of them. */
async function giveName({ console }: Machine, { login, signal }: Entering, since: number): Promise<number> {
  console.send(`${login.user}\n`);
  const asked = await console.hear(/assword: ?/, { within: 30, signal }, since);
  if (asked === undefined) {
    console.send("\n"); // The prompt was somebody else's text, or was buried under messages: ask for another.
    return console.mark();
  }
  const answered = console.mark();
  console.send(`${login.password}\n`);
  return answered;
}

async function becomeRoot({ console, talk }: Machine, { login, signal }: Entering): Promise<Shell | undefined> {
  const [spoken, said] = [console.mark(), talk.mark()];
  console.send(`${moveOver}\n`);
  // The echo of the command holds the words, too, but between quotes.
  const asks = new RegExp(`${sudoPrompt}$`);
  const wanted = await until(
    () => (asks.test(console.text().slice(spoken)) ? "password" : arrival.test(talk.text().slice(said)) || undefined),
    { within: 30, signal },
  );
  if (wanted === "password") console.send(`${login.password}\n`);
  return await greet(talk, { since: said, within: 60, signal });
}

/** Hear whether a shell moved over, and have it prove that it computes. */
export async function greet(
  talk: Line,
  { since, within, signal }: { readonly since: number; readonly within: number; readonly signal: AbortSignal },
): Promise<Shell | undefined> {
  const heard = await talk.hear(arrival, { within, signal }, since);
  if (heard?.[0] === "no sudo") throw new Failure("boot-failed", noSudo);
  if (heard === undefined || !(await proves(talk, signal, 60))) return undefined;
  return shellOn(talk, "root", signal);
}

/** A user who may not become root answers where he logged in. */
async function stay({ console }: Machine, signal: AbortSignal): Promise<Shell | undefined> {
  console.send("exec sh\n");
  console.send("PS1=; stty -echo\n");
  return (await proves(console, signal, 60)) ? shellOn(console, "user", signal) : undefined;
}

const refused = ({ user }: Login): Failure => new Failure("boot-failed", `the guest refuses the login of "${user}"`);
