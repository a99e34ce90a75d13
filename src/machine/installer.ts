import { Failure } from "../failure.ts";
import type { LinuxEntry } from "../medium.ts";
import { alike, look } from "./frame.ts";
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
  const { entry } = installing;
  const speaks = entry.arguments.some((word) => word.startsWith("speakup."));
  const { shell, shown } = await (speaks ? asText : asPicture)(machine, installing);
  const asked = await askAll(shell, [mainMenu, argumentsOf(entry), ...(await preseeded(shell, entry))]);
  return [shown, ...asked];
}

interface Reached {
  readonly shell: Shell;
  /** Whether the installer was seen to ask. */
  readonly shown: Finding;
}

const asks = "the installer shows its first question";

/** Seconds the installer may take to its first screen. */
const toFirstScreen = 400;

/**
 * This must be seen before the console is changed: bterm, which draws the text installer, repaints only what changes. What
 * the boot loader left on the screen does not count, nor does plain text.
 */
async function asPicture(machine: Machine, { signal, tell, picture }: Installing): Promise<Reached> {
  const left = await machine.screen();
  tell("waiting for the installer's first question");
  const seen = await until(
    async () => {
      if (!(await resting(machine, 20, signal))) return undefined;
      const now = await settled(machine, signal, 1_000);
      return (look(now) === "picture" && !alike(now, left)) || undefined;
    },
    { within: toFirstScreen, every: 1_000, signal },
  );
  await picture("installer");
  tell("waiting for the installer's shell on its second console");
  const shell = await secondConsole(machine, signal);
  const detail = seen === true ? "" : `no screen of its own came within ${String(toFirstScreen)} s`;
  return { shell, shown: { name: asks, passed: seen === true, detail } };
}

/** The speaking installer asks in plain text, which the console's own memory holds (vcs(4)). */
async function asText(machine: Machine, { signal, tell, picture }: Installing): Promise<Reached> {
  tell("waiting for the installer's shell on its second console");
  const shell = await secondConsole(machine, signal);
  tell("waiting for the installer's first question");
  const [shown = { name: asks, passed: false, detail: "" }] = await askAll(shell, [
    {
      name: asks,
      command: "for try in $(seq 100); do grep -q Prompt: /dev/vcs1 && break; sleep 2; done; cat /dev/vcs1",
      within: toFirstScreen,
      fault: ({ output }) => (output.includes("Prompt:") ? undefined : `its console says: ${output.trim()}`),
    },
  ]);
  await machine.press("ctrl", "alt", "f1");
  await settled(machine, signal, 1_000);
  await picture("installer");
  return { shell, shown };
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
