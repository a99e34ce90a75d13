import { randomBytes } from "node:crypto";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Firmware } from "../medium.ts";
import { scratch } from "../system/scratch.ts";
import { fromNetwork, type Accelerator, type Attachment, type Guest } from "../tools/qemu.ts";
import { Diary } from "./diary.ts";
import type { Login } from "./login.ts";
import { powerOn, type Machine } from "./machine.ts";
import type { ImageFacts } from "./medium.ts";
import { ownDisk } from "./own-disk.ts";
import { prove } from "./prove.ts";
import type { Finding } from "./questions.ts";
import { routeTo, type Route } from "./route.ts";
import { scale } from "./wait.ts";
import { watch } from "./watch.ts";

/**
 * One boot of one image, for the command and for other tests:
 *
 *     const facts = await readImage(iso, signal);
 *     const verdict = await bootAndProve({
 *       image: iso, facts, firmware: "bios", medium: "cd", accelerator: await accelerator(signal),
 *       login: { user: "user", password: "live", secret: false }, checks: [], seconds: 600, signal, tell: () => {},
 *     });
 *     expect(verdict).toMatchObject({ passed: true });
 */
export interface Trial {
  readonly image: string;
  readonly facts: ImageFacts;
  readonly firmware: Firmware;
  readonly medium: Attachment;
  readonly accelerator: Accelerator;
  /** An entry of the medium's menu; absent, the first. */
  readonly entry?: string | undefined;
  readonly login: Login;
  /** Shell commands to run besides the medium's own checks. */
  readonly checks: readonly string[];
  /** The network that it boots from, where it does. */
  readonly tap?: string | undefined;
  /** MiB; absent, enough for a desktop. */
  readonly memory?: number | undefined;
  /** Seconds the whole boot may take, before TIMEOUT_SCALE. */
  readonly seconds: number;
  /** Where pictures and the serial log are kept; absent, nothing is. */
  readonly keep?: string | undefined;
  readonly signal: AbortSignal;
  /** Told what is going on and what is waited for. */
  readonly tell: (text: string) => void;
}

export interface Verdict {
  readonly name: string;
  readonly firmware: Firmware;
  readonly medium: Attachment;
  /** The entry's name; "none" for an image without a menu of ours. */
  readonly entry: string;
  readonly accelerator: Accelerator;
  readonly passed: boolean;
  /** Why it did not pass, or what proves that it did. */
  readonly reason: string;
  readonly seconds: number;
  /** Seconds from power-on until each of these was reached. */
  readonly reached: Readonly<Record<string, number>>;
  readonly findings: readonly Finding[];
  /** Paths of PNG files. */
  readonly screenshots: readonly string[];
  readonly serialLog?: string;
}

/** Boot an image, have the guest prove itself and answer every question. What the guest does wrong is in the verdict. */
export async function bootAndProve(trial: Trial): Promise<Verdict> {
  const { firmware, medium, accelerator, keep } = trial;
  const route = trial.facts.record === undefined ? undefined : routeTo(trial.facts.record.menu, firmware, trial.entry);
  const entry = route?.entry.name ?? "none";
  const name = `${firmware} ${medium} ${entry}`;
  const files = keep === undefined ? undefined : join(keep, name.replaceAll(/[^a-z0-9-]+/gi, "-"));
  if (keep !== undefined) await mkdir(keep, { recursive: true });
  const diary = new Diary();
  const result = await judged(trial, () => boot(trial, { route, diary, files }));
  return {
    name,
    firmware,
    medium,
    entry,
    accelerator,
    ...result,
    seconds: diary.seconds(),
    reached: diary.reached,
    findings: diary.findings,
    screenshots: diary.screenshots,
    ...(files === undefined ? {} : { serialLog: `${files}.serial.log` }),
  };
}

type Result = Pick<Verdict, "passed" | "reason">;

async function judged({ signal }: Trial, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (signal.aborted || !(error instanceof Failure) || error.code !== "boot-failed") throw error;
    return { passed: false, reason: error.message };
  }
}

interface Keeping {
  readonly route: Route | undefined;
  readonly diary: Diary;
  readonly files: string | undefined;
}

async function boot(trial: Trial, { route, diary, files }: Keeping): Promise<Result> {
  await using folder = await scratch();
  using watching = watch(trial.signal, trial.seconds * scale());
  const diskSays = randomBytes(16).toString("hex");
  const own = route?.entry.do === "local-disk" ? { disk: await ownDisk(folder.path, diskSays, trial) } : {};
  await using machine = await powerOn(
    { ...guestFor(trial), ...own },
    {
      folder: folder.path,
      signal: trial.signal,
      starting: watching.signal,
      serialLog: files === undefined ? undefined : `${files}.serial.log`,
      secrets: trial.login.secret ? [trial.login.password] : [],
      onConsole: watching.onConsole,
      onEvent: watching.onEvent,
      onEnd: watching.onEnd,
    },
  );
  const picture = async (of: string): Promise<void> => {
    if (files === undefined) return;
    await machine.photograph(`${files}-${of}.png`);
    diary.screenshots.push(`${files}-${of}.png`);
  };
  try {
    const proof = await prove(machine, { trial, route, diary, watching, diskSays, picture });
    const wrong = diary.findings.filter(({ passed }) => !passed);
    if (wrong.length === 0) return { passed: true, reason: proof };
    return { passed: false, reason: wrong.map(({ name, detail }) => `not so: ${name} (${detail})`).join("; ") };
  } finally {
    await lastPicture(machine, picture);
  }
}

/** A picture of a machine that has gone cannot be had, and its absence explains nothing. */
async function lastPicture(machine: Machine, picture: (of: string) => Promise<void>): Promise<void> {
  await picture("end").catch(() => undefined);
}

/** Enough for a desktop; what is copied to RAM needs its own size besides. */
const usualMemory = 2048;

/** The computer that one trial wants. */
export function guestFor(
  wish: Pick<Trial, "image" | "facts" | "firmware" | "medium" | "accelerator" | "entry" | "tap" | "memory">,
): Guest {
  const { image, facts, firmware, medium, accelerator } = wish;
  const entry = facts.record === undefined ? undefined : routeTo(facts.record.menu, firmware, wish.entry).entry;
  const args = entry?.do === "linux" ? entry.arguments : [];
  return {
    image,
    firmware,
    attachment: medium,
    accelerator,
    memory: wish.memory ?? usualMemory + (args.includes("toram") ? Math.ceil(facts.bytes / 2 ** 20) : 0),
    ...(fromNetwork(medium) ? { tap: wish.tap } : {}),
    sound: args.some((word) => word.startsWith("speakup.")),
  };
}
