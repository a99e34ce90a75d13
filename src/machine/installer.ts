import { Failure } from "../failure.ts";
import type { LinuxEntry } from "../medium.ts";
import { look } from "./frame.ts";
import type { Entering } from "./login.ts";
import type { Machine } from "./machine.ts";
import { argumentsOf, askAll, type Finding, type Question } from "./questions.ts";
import { changed, resting, settled } from "./screen.ts";
import { proves, shellOn, type Shell } from "./shell.ts";

export interface Installing extends Pick<Entering, "signal" | "tell"> {
  readonly entry: LinuxEntry;
  readonly picture: (of: string) => Promise<void>;
}

/**
 * Bring debian-installer to its first own screen. It keeps a shell on its second console for whoever presses Enter there;
 * that shell answers, and says whether the first question is asked.
 */
export async function proveInstaller(machine: Machine, installing: Installing): Promise<readonly Finding[]> {
  const { entry, signal, tell } = installing;
  tell("waiting for the installer's shell on its second console");
  const shell = await secondConsole(machine, signal);
  tell("waiting for the installer's first question");
  const asked = await firstQuestion(machine, shell, signal);
  await installing.picture("installer");
  return [asked, ...(await askAll(shell, [argumentsOf(entry), ...(await preseeded(shell, entry))]))];
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

/** The first question is asked once debconf runs the main menu, nothing computes any more, and the screen shows something. */
async function firstQuestion(machine: Machine, shell: Shell, signal: AbortSignal): Promise<Finding> {
  const name = "the installer asks its first question";
  for (let attempt = 0; attempt < attempts; attempt++) {
    const { output } = await shell.ask(name, "ps");
    if (/debconf .*main-menu/.test(output)) {
      await machine.press("ctrl", "alt", /Xorg|\bX :/.test(output) ? "f5" : "f1");
      // bterm, which draws the text installer, repaints only what changes after a change of console.
      for (const key of ["down", "up"]) await machine.press(key);
      const rests = await resting(machine, 60, signal);
      const shown = look(await settled(machine, signal, 1000));
      if (rests && shown !== "blank") return { name, passed: true, detail: running(output) };
    }
    await resting(machine, 10, signal);
  }
  return { name, passed: false, detail: "debconf's main menu does not run, or shows nothing" };
}

/** What the installer is at, by its processes. */
const running = (ps: string): string =>
  ps
    .split("\n")
    .filter((line) => /udpkg|main-menu|debconf/.test(line))
    .join("\n");

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
