import type { LinuxEntry } from "../medium.ts";
import type { Trial } from "./boot.ts";
import { choose } from "./choose.ts";
import type { Diary } from "./diary.ts";
import { loginBySerial } from "./login.ts";
import type { Machine } from "./machine.ts";
import { askAll, liveQuestions, ownChecks } from "./questions.ts";
import type { Route } from "./route.ts";
import type { Shell } from "./shell.ts";
import { loginByKeys } from "./typed-login.ts";
import type { Watching } from "./watch.ts";

export interface Proving {
  readonly trial: Trial;
  readonly route: Route | undefined;
  readonly diary: Diary;
  readonly watching: Watching;
  /** Take a picture of the screen, named by what it shows. */
  readonly picture: (of: string) => Promise<void>;
}

/** Start the wanted entry and have it prove itself. Returns what proved it; findings are noted in the diary. */
export async function prove(machine: Machine, proving: Proving): Promise<string> {
  const { trial, route, diary, watching } = proving;
  const { signal } = watching;
  const tell = (text: string): void => {
    watching.waitingFor(text);
    trial.tell(text);
  };
  if (route !== undefined) {
    const chosen = async (): Promise<void> => {
      diary.reach("menu");
      await proving.picture("menu");
    };
    await choose(machine, route, { signal, chosen, tell });
  }
  watching.started();
  const entry = route?.entry.do === "linux" ? route.entry : undefined;
  const entering = { login: trial.login, sudo: trial.facts.record?.user.sudo ?? true, signal, tell };
  const shell = await (onSerial(entry) ? loginBySerial : loginByKeys)(machine, entering);
  diary.reach("answer");
  return await questions(shell, entry, proving, tell);
}

/** systemd puts a getty on the console that the kernel was given (systemd-getty-generator(8)). */
const onSerial = (entry: LinuxEntry | undefined): boolean =>
  entry?.arguments.some((word) => word.startsWith("console=ttyS0")) === true;

async function questions(
  shell: Shell,
  entry: LinuxEntry | undefined,
  { trial, diary }: Proving,
  tell: (text: string) => void,
): Promise<string> {
  const { record } = trial.facts;
  tell("asking the guest");
  diary.note(...(await askAll(shell, liveQuestions(record, entry, trial.login))));
  diary.note(...(await askAll(shell, ownChecks([...(record?.checks ?? []), ...trial.checks]))));
  diary.reach("end");
  return `the guest answered a nonce and ${String(diary.findings.length)} questions`;
}
