import { Failure } from "../failure.ts";
import { alike, look, type Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import { pause, scale, until } from "./wait.ts";

/** The first picture that is not the given one; undefined when none comes in time. */
export const changed = (
  machine: Machine,
  from: Frame,
  within: number,
  signal: AbortSignal,
): Promise<Frame | undefined> =>
  until(
    async () => {
      const now = await machine.screen();
      return alike(now, from) ? undefined : now;
    },
    { within, every: 100, signal },
  );

/** The picture, once it has not changed for some milliseconds. */
export async function settled(machine: Machine, signal: AbortSignal, calm = 250): Promise<Frame> {
  let last = await machine.screen();
  for (;;) {
    await pause(calm, signal);
    const now = await machine.screen();
    if (alike(now, last)) return now;
    last = now;
  }
}

/** Press a key that should change the picture, and let the picture come to rest. False when nothing changed. */
export async function pressAndSee(machine: Machine, keys: readonly string[], signal: AbortSignal): Promise<boolean> {
  const before = await machine.screen();
  await machine.press(...keys);
  if ((await changed(machine, before, 20, signal)) === undefined) return false;
  await settled(machine, signal);
  return true;
}

/** Looks in a row at which all processors must be waiting. */
const looks = 8;

/** Seconds for which a picture must stay the same to be taken for the last one of a boot. */
const still = { blank: Infinity, text: 30, picture: 60 } as const;

/**
 * Wait until the guest seems to wait for a person: its processors have nothing to do, or its screen says something and has
 * not changed for long. Says nothing about whether all went well. False when neither comes in time.
 */
export async function resting(machine: Machine, within: number, signal: AbortSignal): Promise<boolean> {
  let quiet = 0;
  let last = await machine.screen();
  let since = performance.now();
  const rests = await until(
    async () => {
      quiet = (await machine.idle()) ? quiet + 1 : Math.max(0, quiet - 2);
      const now = await machine.screen();
      if (!alike(now, last)) since = performance.now();
      last = now;
      return quiet >= looks || performance.now() - since > still[look(now)] * 1000 * scale() || undefined;
    },
    { within, every: 200, signal },
  );
  return rests === true;
}

/** Seconds a boot loader may take to load a kernel and its initramfs from a slow medium. */
const loading = 120;

export async function kernelRuns(machine: Machine, signal: AbortSignal): Promise<void> {
  const runs = await until(async () => (await machine.runsLinux()) || undefined, {
    within: loading,
    every: 500,
    signal,
  });
  if (runs === undefined) throw new Failure("boot-failed", "the boot loader did not start a Linux kernel");
}
