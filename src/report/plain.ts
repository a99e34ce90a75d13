import { RunningStages, stateOf } from "./running.ts";
import type { Reporter, Stream } from "./reporter.ts";
import { duration, lineFor } from "./words.ts";

/** Milliseconds of silence after which a sign of life is due. */
const patience = 8_000;

/** One line for each event that deserves one, and a sign of life when there was none for a while. */
export function plain(stream: Stream): Reporter {
  const began = performance.now();
  const running = new RunningStages();
  let spoke = began;
  let lent = false;
  let serving = false;
  const say = (line: string): void => {
    spoke = performance.now();
    stream.write(`${line}\n`);
  };
  const clock = setInterval(() => {
    const now = performance.now();
    if (lent || serving || now - spoke < patience) return;
    const states = running.all.map((stage) => stateOf(stage, now));
    for (const line of states.length > 0 ? states : [`still working (${duration((now - began) / 1000)})`]) say(line);
  }, 1_000);
  clock.unref();
  const report = (event: Parameters<Reporter>[0]): void => {
    lent = event.kind === "terminal-lent";
    serving ||= event.kind === "serving";
    running.follow(event, performance.now());
    const line = lineFor(event);
    if (line !== undefined) say(line);
  };
  return Object.assign(report, {
    [Symbol.dispose]: () => {
      clearInterval(clock);
    },
  });
}
