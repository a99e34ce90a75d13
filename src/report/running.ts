import type { Event } from "../events.ts";
import { clean, duration, place } from "./words.ts";

/** A stage that runs now, and what it last said of itself. */
export interface Running {
  readonly name: string;
  readonly at: number;
  readonly of: number;
  readonly since: number;
  fraction?: number;
  text?: string;
}

/** Follows events and knows which stages run. Times are milliseconds of one clock, given by the caller. */
export class RunningStages {
  readonly #stages = new Map<string, Running>();

  follow(event: Event, now: number): void {
    if (event.kind === "stage-started")
      this.#stages.set(event.stage, { name: event.stage, at: event.at, of: event.of, since: now });
    if (event.kind === "stage-finished" || event.kind === "stage-failed" || event.kind === "stage-dropped")
      this.#stages.delete(event.stage);
    if (event.kind === "progress") {
      const stage = this.#stages.get(event.stage);
      if (stage === undefined) return;
      if (event.fraction !== undefined) stage.fraction = Math.min(1, Math.max(0, event.fraction));
      if (event.text !== undefined) stage.text = clean(event.text);
    }
  }

  /** Longest-running first. */
  get all(): readonly Running[] {
    return [...this.#stages.values()];
  }
}

/** "[3/12] base: 45 %, unpacking htop (34 s)" */
export function stateOf(stage: Running, now: number): string {
  const percent = stage.fraction === undefined ? undefined : `${String(Math.floor(stage.fraction * 100))} %`;
  const what = [percent, stage.text].filter((part) => part !== undefined).join(", ");
  const time = duration((now - stage.since) / 1000);
  return `${place(stage)} ${stage.name}: ${what === "" ? "running" : what} (${time})`;
}
