import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { Failure } from "../failure.ts";
import { accelerator } from "../machine/accelerator.ts";
import { bootAndProve, guestFor, type Verdict } from "../machine/boot.ts";
import { fingerprint, readImage, spoiltFiles, type ImageFacts } from "../machine/medium.ts";
import { routeTo } from "../machine/route.ts";
import type { Firmware } from "../medium.ts";
import { pasted } from "../report/words.ts";
import { computer, emulator, fromNetwork, plainLine, type Attachment, type Guest } from "../tools/qemu.ts";
import type { TestOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { loginFor } from "./test-login.ts";
import { asJunit, failureOf, inWords, type TestResult } from "./test-result.ts";

/** Seconds for one boot, unless --timeout says otherwise. A desktop without KVM needs several minutes. */
export const usualSeconds = 600;

interface Cell {
  readonly firmware: Firmware;
  readonly medium: Attachment;
}

/** Boot an image in every wanted way, one after the other, and say of each what the guest proved. */
export async function test(iso: string, options: TestOptions, session: Session): Promise<void> {
  const { signal, print } = session;
  const image = resolve(iso);
  const facts = await readImage(image, signal);
  const cells = cellsOf(facts, options);
  const { entry } = options;
  for (const { firmware } of cells) if (facts.record !== undefined) routeTo(facts.record.menu, firmware, entry);
  if (options.print) {
    const by = await accelerator(signal);
    for (const cell of cells) {
      const line = commandLine({ ...cell, image: iso, facts, entry, accelerator: by, memory: mebibytes(options) });
      print(`${headline(cell.firmware, cell.medium, entry)}\n${line}\n`);
    }
    return;
  }
  const common = {
    image,
    facts,
    entry,
    login: await loginFor(options, facts.record),
    checks: await commandsIn(options.checks),
    seconds: options.timeout ?? usualSeconds,
    keep: options.screenshots,
    memory: mebibytes(options),
    signal,
    accelerator: await accelerator(signal),
  };
  const sha256 = await fingerprint(image, signal);
  await refuseSpoilt(image, facts, signal);
  const stage = ({ firmware, medium }: Cell): string => stageName(firmware, medium, entry);
  const verdicts = await bootAll(cells, stage, session, (cell, tell) => bootAndProve({ ...common, ...cell, tell }));
  if ((await fingerprint(image, signal)) !== sha256)
    throw new Failure("bug", `${image} was changed while it was tested`);
  const result: TestResult = { format: 1, image, sha256, passed: verdicts.every(({ passed }) => passed), verdicts };
  await conclude(result, options, session);
}

/** A raw disk starts by BIOS, as the machine's own disk, and in no other way. */
const cellsOf = ({ kind }: ImageFacts, { firmware, medium }: TestOptions): readonly Cell[] =>
  kind === "disk"
    ? [{ firmware: "bios", medium: "disk" }]
    : firmware.flatMap((one) => medium.map((other) => ({ firmware: one, medium: other })));

function commandLine(wish: Parameters<typeof guestFor>[0]): string {
  return wish.medium === "disk" ? [emulator, ...plainLine(wish.image)].map(pasted).join(" ") : lineOf(guestFor(wish));
}

/** Which boot a line is, as a shell's comment: several may have the same line. */
export const headline = (firmware: Firmware, medium: Attachment, entry: string | undefined): string =>
  `# ${firmware} ${fromNetwork(medium) ? "by" : "from"} ${medium}${entry === undefined ? "" : `, entry ${entry}`}`;

/** A line as a person pastes it. */
export const lineOf = (guest: Guest): string => [emulator, ...computer(guest)].map(pasted).join(" ");

/** A guest's memory as QEMU counts it. */
export const mebibytes = ({ memory }: TestOptions): number | undefined =>
  memory === undefined ? undefined : Math.ceil(memory / 2 ** 20);

export async function commandsIn(file: string | undefined): Promise<readonly string[]> {
  if (file === undefined) return [];
  const text = await readFile(file, "utf8").catch((cause: unknown) => {
    throw new Failure("usage", `${file} cannot be read: ${(cause as Error).message}`, { cause });
  });
  return text.split("\n").filter((line) => /^\s*[^\s#]/.test(line));
}

/** A medium that contradicts its own checksums cannot pass; booting may well not touch what is spoilt. */
async function refuseSpoilt(image: string, facts: ImageFacts, signal: AbortSignal): Promise<void> {
  const spoilt = (await spoiltFiles(image, facts, signal)) ?? [];
  if (spoilt.length > 0)
    throw new Failure("boot-failed", `the medium is damaged: ${spoilt.join(", ")} not as sha256sum.txt says`);
}

export const stageName = (firmware: Firmware, medium: Attachment, entry: string | undefined): string =>
  `boot ${firmware} ${medium}${entry === undefined ? "" : ` ${entry}`}`;

/** Boot one cell after another, each of them a stage. */
export async function bootAll<One, Came extends Verdict>(
  cells: readonly One[],
  name: (cell: One) => string,
  { report }: Session,
  boot: (cell: One, tell: (text: string) => void) => Promise<Came>,
): Promise<readonly Came[]> {
  const verdicts: Came[] = [];
  for (const [index, cell] of cells.entries()) {
    const stage = name(cell);
    report({ kind: "stage-started", stage, at: index + 1, of: cells.length });
    const verdict = await boot(cell, (text) => {
      report({ kind: "progress", stage, text });
    });
    const { seconds, passed } = verdict;
    if (passed) report({ kind: "stage-finished", stage, at: index + 1, of: cells.length, seconds });
    else report({ kind: "stage-failed", stage, seconds });
    verdicts.push(verdict);
  }
  return verdicts;
}

/** Print and keep what came of it; a boot that failed fails the command. */
export async function conclude(result: TestResult, options: TestOptions, { print }: Session): Promise<void> {
  if (options.junit !== undefined) await writeFile(options.junit, asJunit(result));
  print(options.json ? `${JSON.stringify(result, undefined, 2)}\n` : inWords(result));
  const failure = failureOf(result);
  if (failure !== undefined) throw new Failure("boot-failed", failure, { remedy: whereToLook(options) });
}

const whereToLook = ({ screenshots }: TestOptions): string =>
  screenshots === undefined
    ? "run it again with --screenshots DIR for pictures and the serial log"
    : `look at the pictures and serial logs in ${screenshots}`;
