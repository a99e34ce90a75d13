import type { Reporter, Stream } from "./reporter.ts";

/** Every event as one line of JSON, with `time`: seconds since the command began. */
export function json(stream: Stream): Reporter {
  const began = performance.now();
  const report = (event: Parameters<Reporter>[0]): void => {
    const time = Math.round(performance.now() - began) / 1000;
    stream.write(`${JSON.stringify({ time, ...event })}\n`);
  };
  return Object.assign(report, { [Symbol.dispose]: () => undefined });
}
