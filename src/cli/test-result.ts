import type { Verdict } from "../machine/boot.ts";
import { junit } from "../report/junit.ts";

/** What `livewright test --json` prints: one object. */
export interface TestResult {
  readonly format: 1;
  readonly image: string;
  readonly sha256: string;
  readonly passed: boolean;
  readonly verdicts: readonly Verdict[];
}

/** A line for each boot, for people. */
export const inWords = ({ verdicts }: TestResult): string => verdicts.map((verdict) => `${line(verdict)}\n`).join("");

const line = ({ passed, name, seconds, reason }: Verdict): string =>
  `${passed ? "passed" : "FAILED"}  ${name}  ${seconds.toFixed(1)} s  ${reason}`;

/** Each boot is a case, and so is each thing that was asked of the guest. */
export const asJunit = ({ image, verdicts }: TestResult): string =>
  junit(
    `livewright test ${image}`,
    verdicts.flatMap((verdict) => [
      {
        suite: verdict.name,
        name: "boots to an answer",
        seconds: verdict.seconds,
        ...(verdict.passed ? { output: verdict.reason } : { failure: verdict.reason }),
      },
      ...verdict.findings.map(({ name, passed, detail }) => ({
        suite: verdict.name,
        name,
        seconds: 0,
        ...(passed ? { output: detail } : { failure: detail }),
      })),
    ]),
  );

/** What went wrong, in a sentence for the end. */
export function failureOf({ verdicts }: TestResult): string | undefined {
  const failed = verdicts.filter(({ passed }) => !passed);
  if (failed.length === 0) return undefined;
  const boots = `${String(failed.length)} of ${String(verdicts.length)} boots failed`;
  return [boots, ...failed.map(({ name, reason }) => `${name}: ${reason}`)].join("\n");
}
