import { Failure } from "../failure.ts";
import type { QmpEvent } from "./qmp.ts";
import { diagnosis } from "./symptoms.ts";

/** Looks after one boot from aside, and ends it with a reason when it cannot come to a good end any more. */
export interface Watching extends Disposable {
  /** Aborts when the caller's does, when time is up, and when the guest is beyond hope. */
  readonly signal: AbortSignal;
  readonly onConsole: (text: string) => void;
  readonly onEvent: (event: QmpEvent) => void;
  readonly onEnd: (why: string) => void;
  /** From now on a restart of the guest is a fault. Firmware may restart before, to apply settings. */
  started(): void;
  /** From now on a restart is what is wanted. */
  expectRestart(): void;
  /** Whether the wanted restart has happened. */
  restarted(): boolean;
  /** What is being done, told when time is up. */
  nowAt(doing: string): void;
}

/** How many times a firmware may restart before its menu. */
const restartsAllowed = 3;

/** Milliseconds to let a console finish what it is saying: the reason may come after the first sign. */
const hearOut = 1_000;

export function watch(outer: AbortSignal, seconds: number): Watching {
  const stop = new AbortController();
  const end = (why: string): void => {
    stop.abort(new Failure("boot-failed", why));
  };
  let at = "starting the machine";
  let heard = "";
  let telling: NodeJS.Timeout | undefined;
  let restarts = 0;
  let begun = false;
  let wanted = false;
  let happened = false;
  const timer = setTimeout(() => {
    end(`not done within ${String(seconds)} s, still ${at}`);
  }, seconds * 1000);
  return {
    signal: AbortSignal.any([outer, stop.signal]),
    onConsole(text) {
      heard = (heard + text).slice(-20_000);
      if (telling !== undefined || diagnosis(heard) === undefined) return;
      telling = setTimeout(() => {
        end(diagnosis(heard) ?? "the console told of a fault");
      }, hearOut);
    },
    onEvent({ event, data }) {
      if (event === "SHUTDOWN" && data["guest"] === true) end("the guest switched itself off");
      if (event !== "RESET" || data["guest"] !== true) return;
      if (wanted) happened = true;
      else if (begun) end("the guest restarted by itself");
      else if (++restarts > restartsAllowed) end("the machine restarts again and again before its menu");
    },
    onEnd: end,
    started() {
      begun = true;
    },
    expectRestart() {
      wanted = true;
    },
    restarted: () => happened,
    nowAt(doing) {
      at = doing;
    },
    [Symbol.dispose]() {
      clearTimeout(timer);
      clearTimeout(telling);
    },
  };
}
