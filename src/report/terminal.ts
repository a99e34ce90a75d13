import { bar } from "./bar.ts";
import type { Reporter } from "./reporter.ts";
import { RunningStages, stateOf } from "./running.ts";
import { duration, lineFor } from "./words.ts";

const red = 31;
const yellow = 33;

/** Milliseconds between two drawings: often enough to look alive, seldom enough for a slow line. */
const beat = 200;

/** Milliseconds without a word and without a running stage after which a sign of life is due. */
const patience = 5_000;

/** Lines that stay for what is done, and one that is drawn over for what runs. */
export function terminal(stream: NodeJS.WriteStream, colours: boolean): Reporter {
  const running = new RunningStages();
  const line = bar(stream);
  let heard = performance.now();
  let lent = false;
  let serving = false;
  const draw = (): void => {
    if (lent) return;
    const [first, ...others] = running.all;
    const silence = performance.now() - heard;
    if (first === undefined) {
      if (!serving && silence >= patience) line.draw(`still working (${duration(silence / 1000)})`);
      return;
    }
    const more = others.length === 0 ? "" : ` +${others.map(({ name }) => name).join(" +")}`;
    line.draw(`${stateOf(first, performance.now())}${more}`, first.fraction);
  };
  const clock = setInterval(draw, beat);
  clock.unref();
  const report = (event: Parameters<Reporter>[0]): void => {
    heard = performance.now();
    running.follow(event, heard);
    lent = event.kind === "terminal-lent";
    serving ||= event.kind === "serving";
    if (lent) line[Symbol.dispose]();
    if (event.kind === "stage-started") {
      draw();
      return;
    }
    const text = lineFor(event);
    if (text !== undefined) {
      if (running.all.length === 0) line[Symbol.dispose]();
      line.above(paint(text, event.kind));
    }
  };
  const paint = (text: string, kind: string): string => {
    const colour = kind === "warning" ? yellow : kind === "stage-failed" ? red : undefined;
    return colours && colour !== undefined ? `\u001b[${String(colour)}m${text}\u001b[39m` : text;
  };
  return Object.assign(report, {
    [Symbol.dispose]: () => {
      clearInterval(clock);
      line[Symbol.dispose]();
    },
  });
}
