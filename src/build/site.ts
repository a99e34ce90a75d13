import type { Report } from "../events.ts";
import type { FrozenArchive } from "../archive/frozen.ts";
import type { Cache } from "./cache.ts";

/** Where a plan is carried out: this machine's folders, secrets and mirrors, none of which are in the plan. */
export interface Site {
  readonly cache: Cache;
  /** All that steps install from. */
  readonly archive: FrozenArchive;
  /** Absolute folder of each root that source places name. */
  readonly roots: Readonly<Record<string, string>>;
  readonly secrets: Readonly<Record<string, string>>;
  /** Address of each archive by role. */
  readonly mirrors: Readonly<Record<string, string>>;
  /** Seconds since 1970 that every tool is told as SOURCE_DATE_EPOCH. */
  readonly epoch: number;
  /** The file that every tool's lines go to. */
  readonly log: (stage: string, line: string) => void;
  readonly logFile: string;
  readonly report: Report;
  readonly signal: AbortSignal;
  readonly keepFailed: boolean;
  /** How many stages may run at a time, and how many threads a tool may have. */
  readonly jobs: number;
  /** Other stages have the processors first. */
  readonly givesWay?: boolean | undefined;
  /** Bytes that a tool may use for its buffers; without it, as it likes. */
  readonly memory?: number | undefined;
  /** Told of a medium that is written and will not change any more, before it is judged: where it belongs, and its file now. */
  readonly whole?: ((place: { readonly stage: string; readonly path: string }, file: string) => void) | undefined;
  /** Told when each step of a stage is done, with the milliseconds at which it began (`performance.now`). */
  readonly timed?: ((stage: string, step: string, began: number) => void) | undefined;
}
