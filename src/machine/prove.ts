import type { Entry, LinuxEntry } from "../medium.ts";
import type { Trial } from "./boot.ts";
import { choose, startUnknown } from "./choose.ts";
import type { Diary } from "./diary.ts";
import { proveInstaller } from "./installer.ts";
import { loginBySerial } from "./login.ts";
import type { Machine } from "./machine.ts";
import { askAll, liveQuestions, ownChecks } from "./questions.ts";
import type { Route } from "./route.ts";
import type { Shell } from "./shell.ts";
import { kernelRuns } from "./screen.ts";
import { loginByKeys } from "./typed-login.ts";
import { proveFirmwareSettings, proveLocalDisk, proveMediaCheck, proveMemtest } from "./utilities.ts";
import type { Watching } from "./watch.ts";

export interface Proving {
  readonly trial: Trial;
  readonly route: Route | undefined;
  readonly diary: Diary;
  readonly watching: Watching;
  /** What the machine's own disk says when it is started. */
  readonly diskSays: string;
  /** Take a picture of the screen, named by what it shows. */
  readonly picture: (of: string) => Promise<void>;
}

/** Start the wanted entry and have it prove itself. Returns what proved it; findings are noted in the diary. */
export async function prove(machine: Machine, proving: Proving): Promise<string> {
  const { trial, route, diary, watching, picture } = proving;
  const { signal } = watching;
  const tell = (text: string): void => {
    watching.nowAt(text);
    trial.tell(text);
  };
  const chosen = async (): Promise<void> => {
    diary.reach("menu");
    await picture("menu");
    if (route !== undefined && restarts(route.entry)) watching.expectRestart();
    else watching.started();
  };
  if (route === undefined) await startUnknown(machine, { signal, tell, started: chosen });
  else await choose(machine, route, { signal, chosen, tell });
  const utility = route === undefined ? undefined : utilityOf(route.entry);
  if (utility !== undefined)
    return await utility(machine, { facts: trial.facts, diskSays: proving.diskSays, watching, tell, picture });
  const entry = route?.entry.do === "linux" ? route.entry : undefined;
  tell("waiting for the kernel");
  await kernelRuns(machine, signal);
  diary.reach("kernel");
  if (entry?.kind === "installer") {
    diary.note(...(await proveInstaller(machine, { entry, signal, tell, picture })));
    return "a shell in the installer answered a nonce";
  }
  const entering = { login: trial.login, sudo: trial.facts.record?.user.sudo ?? true, signal, tell };
  const shell = await (onSerial(entry) ? loginBySerial : loginByKeys)(machine, entering);
  diary.reach("answer");
  return await questions(shell, entry, proving, tell);
}

/** The media check is a way to start the live system, but ends in a restart instead of a login. */
const isMediaCheck = (entry: Entry): boolean => entry.do === "linux" && entry.arguments.includes("verify-checksums");

const restarts = (entry: Entry): boolean => entry.do === "firmware-settings" || isMediaCheck(entry);

function utilityOf(entry: Entry): typeof proveMemtest | undefined {
  if (isMediaCheck(entry)) return proveMediaCheck;
  if (entry.do === "memtest") return proveMemtest;
  if (entry.do === "firmware-settings") return proveFirmwareSettings;
  return entry.do === "local-disk" ? proveLocalDisk : undefined;
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
  diary.note(...(await askAll(shell, liveQuestions(record, entry, trial))));
  diary.note(...(await askAll(shell, ownChecks([...(record?.checks ?? []), ...trial.checks]))));
  diary.reach("end");
  return `the guest answered a nonce and ${String(diary.findings.length)} questions`;
}
