import { mkdir, open } from "node:fs/promises";
import { dirname } from "node:path";
import type { Event, Report } from "../events.ts";
import { Failure } from "../failure.ts";
import { write } from "../system/files.ts";

/** One line of a Chrome trace: a span ("X") on a row, in microseconds. */
interface Span {
  readonly name: string;
  readonly cat: string;
  readonly ph: "X" | "M";
  readonly ts: number;
  readonly dur?: number;
  readonly pid: number;
  readonly tid: number;
  readonly args?: Readonly<Record<string, unknown>>;
}

/**
 * Takes down when stages and their steps ran, and writes it in the Chrome trace event format (chrome://tracing, Perfetto).
 * Each stage has a row of its own, as wide as it took; its steps lie below it.
 */
export class Trace {
  readonly #path: string | undefined;
  readonly #spans: Span[] = [];
  readonly #rows = new Map<string, number>();
  readonly #began = new Map<string, number>();
  readonly #zero = performance.now();

  private constructor(path: string | undefined) {
    this.#path = path;
  }

  /** A trace for a file, which must be one that can be written; what is in it stays until then. Without a file it is not kept. */
  static async into(path: string | undefined): Promise<Trace> {
    if (path !== undefined) await tried(path);
    return new Trace(path);
  }

  /** Hears what is reported, and hands it on. */
  listen(report: Report): Report {
    return (event) => {
      this.#hear(event);
      report(event);
    };
  }

  readonly timed = (stage: string, step: string, began: number): void => {
    this.#span(stage, step, "step", began);
  };

  async save(): Promise<void> {
    if (this.#path === undefined) return;
    const rows = [...this.#rows].map(([name, tid]): Span => ({
      name: "thread_name",
      cat: "",
      ph: "M",
      ts: 0,
      pid: 1,
      tid,
      args: { name },
    }));
    await write(this.#path, `${JSON.stringify({ traceEvents: [...rows, ...this.#spans], displayTimeUnit: "ms" })}\n`);
  }

  #hear(event: Event): void {
    if (event.kind === "stage-started") this.#began.set(event.stage, performance.now());
    else if (event.kind === "stage-reused")
      this.#span(event.stage, `${event.stage}, reused`, "reused", performance.now());
    else if (event.kind === "stage-finished" || event.kind === "stage-failed" || event.kind === "stage-dropped")
      this.#span(
        event.stage,
        event.stage,
        event.kind.slice("stage-".length),
        this.#began.get(event.stage) ?? this.#zero,
      );
  }

  #span(stage: string, name: string, cat: string, began: number): void {
    const tid = this.#rows.get(stage) ?? this.#rows.size + 1;
    this.#rows.set(stage, tid);
    const microseconds = (at: number): number => Math.round((at - this.#zero) * 1000);
    const ts = microseconds(began);
    this.#spans.push({ name, cat, ph: "X", ts, dur: microseconds(performance.now()) - ts, pid: 1, tid });
  }
}

async function tried(path: string): Promise<void> {
  try {
    await mkdir(dirname(path), { recursive: true });
    await using _file = await open(path, "a");
  } catch (cause) {
    const why = cause instanceof Error ? cause.message : String(cause);
    throw new Failure("refused", `the trace cannot be written to ${path}: ${why}`, {
      remedy: "name another file with --trace",
      cause,
    });
  }
}
