import { Failure } from "../failure.ts";
import { findTool } from "../system/host.ts";
import { run } from "../system/process.ts";
import { diffoscope } from "../tools/diffoscope.ts";
import type { Samples } from "./samples.ts";

/** What diffoscope says of the samples, if it can be asked. */
export type Shown =
  | { readonly state: "ran"; readonly lines: readonly string[]; readonly left: number }
  | { readonly state: "absent" }
  | { readonly state: "failed"; readonly why: string }
  | { readonly state: "not needed" };

/** So many lines of it are shown. */
const most = 400;

/** Have diffoscope show how samples differ, where it is installed. It is no fault of the media when it fails. */
export async function show(samples: Samples, signal: AbortSignal): Promise<Shown> {
  if (samples.count === 0) return { state: "not needed" };
  if (findTool("diffoscope") === undefined) return { state: "absent" };
  const lines: string[] = [];
  let count = 0;
  const onLine = (line: string): void => {
    count += 1;
    if (count <= most) lines.push(line);
  };
  try {
    await run({
      ...diffoscope("published", "rebuilt"),
      cwd: samples.folder,
      signal,
      onLine,
      accept: [1],
      grace: 2_000,
    });
  } catch (error) {
    if (!(error instanceof Failure) || error.code !== "step-failed") throw error;
    return { state: "failed", why: error.message };
  }
  return { state: "ran", lines, left: Math.max(0, count - most) };
}
