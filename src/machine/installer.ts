import { Failure } from "../failure.ts";
import type { LinuxEntry } from "../medium.ts";
import { alike, look, type Look } from "./frame.ts";
import type { Entering } from "./login.ts";
import type { Machine } from "./machine.ts";
import { argumentsOf, askAll, type Finding, type Question } from "./questions.ts";
import { changed, resting, settled } from "./screen.ts";
import { proves, shellOn, type Shell } from "./shell.ts";
import { until } from "./wait.ts";

export interface Installing extends Pick<Entering, "signal" | "tell"> {
  readonly entry: LinuxEntry;
  readonly picture: (of: string) => Promise<void>;
}

/**
 * Bring debian-installer to its first own screen. It keeps a shell on its second console for whoever presses Enter there;
 * that shell answers, and says whether debconf's menu, which asks the questions, is what runs on the first.
 */
export async function proveInstaller(machine: Machine, installing: Installing): Promise<readonly Finding[]> {
  const { entry, signal, tell } = installing;
  tell("waiting for the installer's first screen");
  const shown = await firstScreen(machine, entry, signal);
  await installing.picture("installer");
  tell("waiting for the installer's shell on its second console");
  const shell = await secondConsole(machine, signal);
  const asked = await askAll(shell, [mainMenu, argumentsOf(entry), ...(await preseeded(shell, entry))]);
  return [{ name: "the installer shows a screen of its own", ...shown }, ...asked];
}

/** Seconds the installer may take to its first screen. */
const toFirstScreen = 400;

/**
 * This must be seen before the console is changed: bterm, which draws the text installer, repaints only what changes. What
 * the boot loader left on the screen does not count, and plain text only where speech asks, which uses no other.
 */
async function firstScreen(machine: Machine, entry: LinuxEntry, signal: AbortSignal): Promise<Omit<Finding, "name">> {
  const left = await machine.screen();
  const speaks = entry.arguments.some((word) => word.startsWith("speakup."));
  const wanted: readonly Look[] = speaks ? ["text", "picture"] : ["picture"];
  const seen = await until(
    async () => {
      if (!(await resting(machine, 20, signal))) return undefined;
      // Speech says for some seconds each that it looks for sound cards, before it asks anything.
      const now = await settled(machine, signal, speaks ? 15_000 : 1_000);
      return (wanted.includes(look(now)) && !alike(now, left)) || undefined;
    },
    { within: toFirstScreen, every: 1000, signal },
  );
  return seen === true
    ? { passed: true, detail: "" }
    : { passed: false, detail: `none came within ${String(toFirstScreen)} s` };
}

const moveOver = "(echo root is here;exec sh) <>/dev/ttyS1 >&0 2>&0";

/** Tries; the shell is there before the first question is, but not from the start. */
const attempts = 20;

async function secondConsole(machine: Machine, signal: AbortSignal): Promise<Shell> {
  for (let attempt = 0; attempt < attempts; attempt++) {
    await resting(machine, 10, signal);
    const since = machine.talk.mark();
    await machine.press("ctrl", "alt", "f2");
    await settled(machine, signal, 500);
    const before = await machine.screen();
    await machine.press("ret"); // "Please press Enter to activate this console."
    await changed(machine, before, 3, signal);
    await machine.type(`${moveOver}\n`);
    const heard = await machine.talk.hear(/root is here/, { within: 8, signal }, since);
    if (heard !== undefined && (await proves(machine.talk, signal, 60))) return shellOn(machine.talk, "root", signal);
  }
  throw new Failure("boot-failed", "the installer's second console gave no shell that answers");
}

const mainMenu: Question = {
  name: "the installer's menu runs",
  command: "ps",
  fault: ({ output }) => (/debconf .*main-menu/.test(output) ? undefined : "debconf's main menu does not run"),
};

/** How many preseeded answers are asked after. */
const enough = 5;

/** An entry that brings a preseed file is asked whether its answers arrived. */
async function preseeded(shell: Shell, entry: LinuxEntry): Promise<readonly Question[]> {
  const { output } = await shell.ask("the preseed file", "cat /preseed.cfg 2>/dev/null");
  const answers = answersIn(output).slice(0, enough);
  if (answers.length > 0) return answers.map(({ question, value }) => answered(question, value));
  if (!entry.arguments.some((word) => word === "auto=true" || word.startsWith("preseed/file="))) return [];
  return [
    { name: "the installer has its preseed file", command: "cat /preseed.cfg", fault: () => "it is missing or empty" },
  ];
}

const answered = (question: string, value: string): Question => ({
  name: `the preseed answered ${question}`,
  command: `debconf-get ${question}`,
  fault: ({ output }) => (output.trim() === value ? undefined : `wanted "${value}", found "${output.trim()}"`),
});

/** Lines like `d-i netcfg/get_hostname string unassigned`. Passwords are not looked at. */
export const answersIn = (preseed: string): readonly { readonly question: string; readonly value: string }[] =>
  [...preseed.matchAll(/^d-i[ \t]+(\S+\/\S+)[ \t]+(?:string|select|boolean|multiselect)[ \t]+(\S.*)$/gm)].map(
    ([, question = "", value = ""]) => ({ question, value: value.trim() }),
  );
