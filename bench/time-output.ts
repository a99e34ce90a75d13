import type { Run } from "./figures.ts";

/**
 * What GNU time's `--verbose` tells of a program and all the children it waited for: these are getrusage(2)'s counts, so
 * memory is the largest process's, and what was written is what made pages dirty, whether or not it reached the disk.
 */
export function timeOutput(text: string): Omit<Run, "wall" | "iso"> {
  const number = (label: string): number => {
    const found = new RegExp(`^\\s*${label}: ([0-9.]+)$`, "m").exec(text)?.[1];
    if (found === undefined) throw new Error(`GNU time said nothing of "${label}":\n${text}`);
    return Number(found);
  };
  return {
    cpu: number("User time \\(seconds\\)") + number("System time \\(seconds\\)"),
    peak: number("Maximum resident set size \\(kbytes\\)") * 1024,
    written: number("File system outputs") * 512,
  };
}
