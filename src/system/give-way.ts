import { writeFileSync } from "node:fs";
import { setPriority } from "node:os";

/** As nice(1) has it if nothing else is asked for: a tenth of a processor that another wants too, and all of one that nobody wants. */
const nice = 10;

/**
 * Let others have the processors first. A tool's niceness counts beside the processes of its own session only, and each of our tools
 * leads one; the session has its own (sched(7), "The autogroup feature"). Not all kernels have that, an ordinary user may ask ten times
 * a second only, and the tool may have ended: nothing depends on it but time.
 */
export function giveWay(pid: number): void {
  for (const ask of [
    () => setPriority(pid, nice),
    () => {
      writeFileSync(`/proc/${String(pid)}/autogroup`, String(nice));
    },
  ])
    try {
      ask();
    } catch {
      continue;
    }
}
