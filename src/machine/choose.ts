import { Failure } from "../failure.ts";
import { alike } from "./frame.ts";
import type { Machine } from "./machine.ts";
import type { Route } from "./route.ts";
import { changed, pressAndSee, settled } from "./screen.ts";
import { until } from "./wait.ts";

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
  const step = async (key: string): Promise<void> => {
    if (!(await pressAndSee(machine, [key], signal)))
      throw new Failure("boot-failed", `the menu did not react to the key "${key}"`);
  };
  tell("waiting for the menu");
  await menu(machine, route.choices, signal);
  for (const [level, steps] of route.steps.entries()) {
    if (level > 0) await machine.press("home");
    for (let down = 0; down < steps; down++) await step("down");
    if (level < route.steps.length - 1) await step("ret");
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

/** Start whatever an unknown medium or a disk starts, pressing Enter for menus that wait until a kernel runs. */
export async function startUnknown(
  machine: Machine,
  { signal, tell, started }: { signal: AbortSignal; tell: (text: string) => void; started: () => Promise<void> },
): Promise<void> {
  tell("waiting for a kernel to start");
  await settled(machine, signal, 2_000);
  await started();
  const runs = await until(
    async () => {
      if (await machine.runsLinux()) return true;
      await machine.press("ret");
      return undefined;
    },
    { within: 180, every: 3_000, signal },
  );
  if (runs === undefined) throw new Failure("boot-failed", "no Linux kernel was started");
}
