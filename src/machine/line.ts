import { createWriteStream } from "node:fs";
import { createServer, type Socket } from "node:net";
import { finished } from "node:stream/promises";
import { Masker } from "./mask.ts";
import { until, type Wait } from "./wait.ts";

/** One serial line of a guest: what it said so far, and a way to say something to it. */
export interface Line extends AsyncDisposable {
  /** Everything heard, oldest first. */
  text(): string;
  /** Where it stands now, to hear only what comes later. */
  mark(): number;
  send(text: string): void;
  /** Wait for something in what is heard from `since` on; undefined when the time is up. */
  hear(pattern: RegExp, wait: Wait, since?: number): Promise<RegExpExecArray | undefined>;
}

/** How much is kept in memory: a guest that prints for ever must not fill the host. The log has everything. */
const kept = 4_000_000;

/** Listen on a Unix socket that the emulator connects a serial line to. The log never holds one of the secrets. */
export async function listen(
  path: string,
  more: {
    readonly log?: string | undefined;
    readonly secrets: readonly string[];
    readonly onText?: ((text: string) => void) | undefined;
  },
): Promise<Line> {
  let heard = "";
  let dropped = 0;
  let guest: Socket | undefined;
  const decoder = new TextDecoder();
  const log = more.log === undefined ? undefined : createWriteStream(more.log);
  log?.on("error", () => undefined); // Reported when the line is closed.
  const masker = new Masker(more.secrets);
  const server = createServer((socket) => {
    guest = socket;
    socket.on("error", () => undefined); // The emulator ended; its end is told elsewhere.
    socket.on("data", (chunk: Buffer) => {
      const text = decoder.decode(chunk, { stream: true });
      heard += text;
      if (heard.length > kept) {
        dropped += heard.length - kept / 2;
        heard = heard.slice(-kept / 2);
      }
      log?.write(masker.take(text));
      more.onText?.(text);
    });
  });
  await new Promise<void>((resolve, reject) => {
    server.once("error", reject);
    server.listen(path, resolve);
  });
  return {
    text: () => heard,
    mark: () => dropped + heard.length,
    send: (text) => void guest?.write(text),
    hear: (pattern, wait, since = 0) =>
      until(() => pattern.exec(heard.slice(Math.max(0, since - dropped))) ?? undefined, wait),
    async [Symbol.asyncDispose]() {
      guest?.destroy();
      await new Promise((resolve) => server.close(resolve));
      log?.end(masker.rest());
      if (log !== undefined) await finished(log);
    },
  };
}
