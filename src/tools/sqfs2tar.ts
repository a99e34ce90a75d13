import type { Command } from "../command.ts";

/** A squashfs read back whole as a pax stream on standard output, the root directory and hard links included. */
export function sqfs2tar(image: string): { readonly tool: string; readonly args: readonly string[] } {
  return { tool: "sqfs2tar", args: ["--root-becomes", ".", "--no-skip", image] } satisfies Command;
}
