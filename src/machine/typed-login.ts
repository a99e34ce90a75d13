import { Failure } from "../failure.ts";
import { look } from "./frame.ts";
import { greet, moveOver, type Entering } from "./login.ts";
import type { Machine } from "./machine.ts";
import { changed, resting, settled } from "./screen.ts";
import type { Shell } from "./shell.ts";
import { until } from "./wait.ts";

/**
 * Log in with the keyboard on a text console, where no serial line has a getty. What the screen shows only tells when to
 * type; whoever reads what is typed has to answer over the second serial line.
 */
export async function loginByKeys(machine: Machine, entering: Entering): Promise<Shell> {
  const { signal, tell } = entering;
  for (let attempt = 1; attempt <= attempts; attempt++) {
    tell("waiting for the system to come to rest");
    await resting(machine, Infinity, signal);
    if (!(await atText(machine, attempt, signal))) continue;
    tell(`typing the login, attempt ${String(attempt)}`);
    const shell = await typeLogin(machine, entering);
    if (shell !== undefined) return shell;
  }
  throw new Failure("boot-failed", `nobody answered to ${String(attempts)} logins typed on the text consoles`);
}

/** Some may be typed too early, when a boot pauses. */
const attempts = 6;

/** A text console that somebody may listen at: the one shown, or else the other. */
async function atText(machine: Machine, attempt: number, signal: AbortSignal): Promise<boolean> {
  const shown = look(await settled(machine, signal));
  if (attempt % 2 === 1 && shown === "text") return true;
  // systemd-logind starts a getty on a console as soon as somebody looks at it (logind.conf(5), NAutoVTs=).
  await machine.press("ctrl", "alt", attempt % 4 === 0 ? "f1" : "f2");
  const text = await until(async () => look(await machine.screen()) === "text" || undefined, { within: 15, signal });
  await settled(machine, signal, 1000);
  return text === true;
}

async function typeLogin(machine: Machine, { login, sudo, signal }: Entering): Promise<Shell | undefined> {
  const since = machine.talk.mark();
  await machine.press("ctrl", "c"); // Away with what an earlier attempt left there.
  await settled(machine, signal, 500);
  await enter(machine, login.user, signal);
  await answerUnseen(machine, login.password, signal);
  await machine.type(`${sudo ? moveOver : moveOver.replace(/sudo -p '[^']*' /, "")}\n`);
  const early = await greet(machine.talk, { since, within: 8, signal });
  if (early !== undefined) return early;
  await answerUnseen(machine, login.password, signal); // sudo may want it again.
  return await greet(machine.talk, { since, within: 40, signal });
}

/** Type a line and wait until the guest said something to it. */
async function enter(machine: Machine, text: string, signal: AbortSignal): Promise<void> {
  await machine.type(text);
  const before = await settled(machine, signal);
  await machine.press("ret");
  await changed(machine, before, 10, signal);
  await resting(machine, 5, signal);
}

/** Anything visible, wider than a cursor that blinks. */
const sample = "x".repeat(20);

/**
 * Type a password if one is asked for, which shows in that typing does not show: no picture may ever have it. Ctrl-U takes
 * the sample back from a prompt, Ctrl-C from a shell.
 */
async function answerUnseen(machine: Machine, password: string, signal: AbortSignal): Promise<void> {
  const before = await settled(machine, signal);
  await machine.type(sample);
  if ((await changed(machine, before, 3, signal)) !== undefined) {
    await machine.press("ctrl", "c");
  } else {
    await machine.press("ctrl", "u");
    await enter(machine, password, signal);
  }
  await settled(machine, signal);
}
