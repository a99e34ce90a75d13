import { createInterface } from "node:readline";

/** Tell each line of a stream until it ends. Carriage returns end lines too: progress displays use them. */
export async function linesOf(stream: NodeJS.ReadableStream | null, tell: (line: string) => void): Promise<void> {
  if (stream === null) return;
  const reader = createInterface({ input: stream, crlfDelay: Infinity });
  for await (const line of reader) for (const part of line.split("\r")) if (part !== "") tell(part);
}
