import type { Command } from "../command.ts";

/** How the files of two folders differ, as text on standard output (diffoscope(1)); status 1 when they do. */
export const diffoscope = (one: string, other: string): { readonly tool: string; readonly args: readonly string[] } => {
  // prettier-ignore
  const args = [
    "--no-progress",
    "--text", "-",
    "--text-color", "never",
    "--max-text-report-size", String(2 ** 20),
    "--exclude-directory-metadata", "recursive",
    one, other,
  ];
  return { tool: "diffoscope", args } satisfies Command;
};
