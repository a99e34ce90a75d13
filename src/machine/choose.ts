import { Failure } from "../failure.ts";
import { alike, type Frame } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Route } from "./route.ts";
import { pause, until } from "./wait.ts";

export interface Choosing {
  readonly signal: AbortSignal;
  /** Called once the wanted entry is highlighted, before it is started. */
  readonly chosen: () => Promise<void>;
  readonly tell: (text: string) => void;
}

/**
 * Reach an entry by keys and start it. A menu is there when "End" changes the picture and "Home" brings the very same
 * picture back: no firmware logo, no boot message and no rescue prompt does that. The first key also stops the countdown.
 */
export async function choose(machine: Machine, route: Route, choosing: Choosing): Promise<void> {
  const { signal, tell } = choosing;
  tell("waiting for the menu");
  await menu(machine, route.choices, signal);
  for (const [level, steps] of route.steps.entries()) {
    if (level > 0) await machine.press("home");
    for (let step = 0; step < steps; step++) await pressAndSee(machine, "down", signal);
    if (level < route.steps.length - 1) await pressAndSee(machine, "ret", signal);
  }
  await choosing.chosen();
  tell(`starting "${route.entry.title}"`);
  await machine.press("ret");
}

async function menu(machine: Machine, choices: number, signal: AbortSignal): Promise<void> {
  for (;;) {
    await machine.press("home");
    const first = await settled(machine, signal);
    if (choices === 1) return;
    await machine.press("end");
    if ((await changed(machine, first, 2, signal)) === undefined) continue;
    await machine.press("home");
    const back = await until(async () => (alike(await machine.screen(), first) ? true : undefined), {
      within: 2,
      signal,
    });
    if (back === true) return;
  }
}

/** Press a key that must change the picture, and let the picture come to rest. */
async function pressAndSee(machine: Machine, key: string, signal: AbortSignal): Promise<void> {
  const before = await machine.screen();
  await machine.press(key);
  if ((await changed(machine, before, 20, signal)) === undefined)
    throw new Failure("boot-failed", `the menu did not react to the key "${key}"`);
  await settled(machine, signal);
}

const changed = (machine: Machine, from: Frame, within: number, signal: AbortSignal): Promise<Frame | undefined> =>
  until(
    async () => {
      const now = await machine.screen();
      return alike(now, from) ? undefined : now;
    },
    { within, every: 100, signal },
  );

/** The picture, once two in a row are the same. */
async function settled(machine: Machine, signal: AbortSignal): Promise<Frame> {
  let last = await machine.screen();
  for (;;) {
    await pause(250, signal);
    const now = await machine.screen();
    if (alike(now, last)) return now;
    last = now;
  }
}
