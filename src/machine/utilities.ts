import { Failure } from "../failure.ts";
import type { Machine } from "./machine.ts";
import type { ImageFacts } from "./medium.ts";
import { settled } from "./screen.ts";
import { pause, scale, until } from "./wait.ts";
import type { Watching } from "./watch.ts";

/** What an entry that starts no system of its own needs to be proved. */
export interface Using {
  readonly facts: ImageFacts;
  /** What only the machine's own disk says when it is started. */
  readonly diskSays: string;
  readonly watching: Watching;
  readonly tell: (text: string) => void;
  readonly picture: (of: string) => Promise<void>;
}

type Proof = (machine: Machine, using: Using) => Promise<string>;

/** Memtest86+ ends at Escape by restarting the computer, which no boot loader and no Linux does at that key. */
export const proveMemtest: Proof = async (machine, { watching, tell, picture }) => {
  const { signal } = watching;
  tell("waiting for the memory test");
  await pause(10_000 * scale(), signal);
  if (await machine.runsLinux()) throw failed("a Linux kernel was started instead of the memory test");
  await picture("memtest");
  watching.expectRestart();
  for (let attempt = 0; attempt < 10 && !watching.restarted(); attempt++) {
    await machine.press("esc");
    await until(() => watching.restarted() || undefined, { within: 5, signal });
  }
  if (!watching.restarted()) throw failed("no memory test answered to its Escape key");
  return "the memory test ended at its Escape key";
};

/** GRUB asks the firmware for its settings and restarts; then nothing more is read from the medium. */
export const proveFirmwareSettings: Proof = async (machine, { watching, tell, picture }) => {
  const { signal } = watching;
  tell("waiting for the restart into the firmware's settings");
  const restarted = await until(() => watching.restarted() || undefined, { within: 60, signal });
  if (restarted === undefined) throw failed("the computer did not restart into its firmware settings");
  await pause(10_000 * scale(), signal);
  const read = await machine.bytesRead();
  await settled(machine, signal, 2_000);
  await pause(20_000 * scale(), signal);
  await picture("settings");
  if ((await machine.bytesRead()) - read > loader)
    throw failed("after the restart the medium was started again, not the firmware's settings");
  return "the firmware opened its settings";
};

/** Less than a boot loader and its menu come to; firmware looks at a medium without starting it. */
const loader = 1_000_000;

/** live-boot restarts the computer after it found every checksum right, and stops when it did not. */
export const proveMediaCheck: Proof = async (machine, { watching, tell, facts }) => {
  const { signal } = watching;
  const whole = facts.files.reduce((sum, { bytes }) => sum + bytes, 0);
  let read = 0;
  tell("waiting for the medium to be read whole");
  await until(
    async () => {
      read = Math.max(read, await machine.bytesRead());
      return watching.restarted() || undefined;
    },
    { within: Infinity, every: 500, signal },
  );
  if (read < whole * 0.9) throw failed(`it restarted after only ${String(read)} of ${String(whole)} bytes were read`);
  return "the whole medium was read and found right";
};

/** The disk's boot sector says over the second serial line what nobody else could know. */
export const proveLocalDisk: Proof = async (machine, { watching, tell, diskSays }) => {
  const { signal } = watching;
  tell("waiting for the machine's own disk to speak");
  const said = await until(
    () => machine.talk.text().includes(diskSays) || machine.console.text().includes(diskSays) || undefined,
    { within: 60, signal },
  );
  if (said === undefined) throw failed("the machine's own disk was not started");
  return "the machine's own disk was started";
};

const failed = (why: string): Failure => new Failure("boot-failed", why);
