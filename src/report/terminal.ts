import { bar } from "./bar.ts";
import type { Reporter } from "./reporter.ts";
import { RunningStages, stateOf } from "./running.ts";
import { lineFor } from "./words.ts";

const red = 31;
const yellow = 33;

/** Milliseconds between two drawings: often enough to look alive, seldom enough for a slow line. */
const beat = 200;

/** Lines that stay for what is done, and one that is drawn over for what runs. */
export function terminal(stream: NodeJS.WriteStream, colours: boolean): Reporter {
  const running = new RunningStages();
  const line = bar(stream);
  const draw = (): void => {
    const [first, ...others] = running.all;
    if (first === undefined) return;
    const more = others.length === 0 ? "" : ` +${others.map(({ name }) => name).join(" +")}`;
    line.draw(`${stateOf(first, performance.now())}${more}`, first.fraction);
  };
  const clock = setInterval(draw, beat);
  clock.unref();
  const report = (event: Parameters<Reporter>[0]): void => {
    running.follow(event, performance.now());
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
