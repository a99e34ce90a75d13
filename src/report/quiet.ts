import type { Reporter, Stream } from "./reporter.ts";
import { lineFor } from "./words.ts";

/** Warnings, and nothing else. */
export function quiet(stream: Stream): Reporter {
  const report = (event: Parameters<Reporter>[0]): void => {
    if (event.kind === "warning") stream.write(`${lineFor(event) ?? ""}\n`);
  };
  return Object.assign(report, { [Symbol.dispose]: () => undefined });
}
