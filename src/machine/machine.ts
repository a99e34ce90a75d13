import { readFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure } from "../failure.ts";
import { AsyncStack } from "../system/disposal.ts";
import { accompany } from "../system/process.ts";
import { computer, ears, emulator, type Guest } from "../tools/qemu.ts";
import { decodePpm, type Frame } from "./frame.ts";
import { character, chord, inputEvents, type Stroke } from "./keys.ts";
import { listen, type Line } from "./line.ts";
import { speakQmp, type QmpEvent } from "./qmp.ts";
import { orStop, pause, scale, until } from "./wait.ts";

/** A running guest: two serial lines, a keyboard, a screen. It is gone, with all it started, when its scope ends. */
export interface Machine extends AsyncDisposable {
  /** The first serial line, which a kernel may have for its console. */
  readonly console: Line;
  /** The second, where the guest answers after somebody logged in. */
  readonly talk: Line;
  /** Press keys together and let go, by QEMU's names for them (QKeyCode). */
  press(...keys: readonly string[]): Promise<void>;
  /** Type on a Linux text console. */
  type(text: string): Promise<void>;
  screen(): Promise<Frame>;
  photograph(path: string): Promise<void>;
  /** Bytes read from the medium so far. */
  bytesRead(): Promise<number>;
  /** Whether all processors are waiting for something to happen. */
  idle(): Promise<boolean>;
  /** Whether a Linux kernel or a program under it is what the processors run right now. */
  runsLinux(): Promise<boolean>;
}

export interface Watching {
  /** An empty folder for sockets and pictures. */
  readonly folder: string;
  /** Ends the machine. A test that is given up is no reason for that: its last picture is still wanted. */
  readonly signal: AbortSignal;
  /** Ends the start, should it hang. */
  readonly starting?: AbortSignal;
  readonly serialLog?: string | undefined;
  readonly secrets: readonly string[];
  readonly onConsole?: (text: string) => void;
  readonly onEvent: (event: QmpEvent) => void;
  /** The emulator ended although nobody asked it to; `why` has its last words. */
  readonly onEnd: (why: string) => void;
}

/** Milliseconds between two typed characters. The emulated keyboard forgets what a guest does not fetch: 16 bytes fit. */
const pace = 30 * scale();

export async function powerOn(guest: Guest, watching: Watching): Promise<Machine> {
  const { folder, signal } = watching;
  await using undo = new AsyncStack();
  const sockets = { console: join(folder, "console"), talk: join(folder, "talk") };
  const console = undo.use(
    await listen(sockets.console, { log: watching.serialLog, secrets: watching.secrets, onText: watching.onConsole }),
  );
  const talk = undo.use(await listen(sockets.talk, { secrets: [] }));
  const qemu = undo.use(
    accompany({ tool: emulator, args: [...computer(guest), ...ears(sockets)], signal, cwd: folder, grace: 500 }),
  );
  const words: string[] = [];
  qemu.stderr.on("data", (chunk: Buffer) => words.push(chunk.toString("utf8")));
  let leaving = false;
  const gone = new AbortController();
  void qemu.ended.then(({ status, signal: by }) => {
    const why = `the emulator ended by itself (${by ?? `status ${String(status)}`}): ${words.join("").trim().slice(-2000)}`;
    gone.abort(new Failure("boot-failed", why));
    if (!leaving && !signal.aborted) watching.onEnd(why);
  });
  const alive = AbortSignal.any([signal, gone.signal]);
  const early = watching.starting === undefined ? alive : AbortSignal.any([alive, watching.starting]);
  const qmp = await speakQmp(qemu.stdout, qemu.stdin, { event: watching.onEvent, signal: early });
  const rest = undo.move();
  const monitor = async (line: string): Promise<string> =>
    String(await qmp.ask("human-monitor-command", { "command-line": line }, alive));
  const strike = async (strokes: readonly Stroke[]): Promise<void> => {
    await qmp.ask("input-send-event", { events: inputEvents(strokes) }, alive);
  };
  return {
    console,
    talk,
    press: (...keys) => strike(chord(keys)),
    async type(text) {
      for (const char of text) {
        await strike(character(char));
        await pause(pace, alive);
      }
    },
    async screen() {
      const path = join(folder, "screen.ppm");
      const frame = await until(
        async () => {
          await qmp.ask("screendump", { filename: path }, alive);
          return decodePpm(await readFile(path));
        },
        { within: 30, signal: alive },
      );
      if (frame === undefined) throw new Failure("boot-failed", "the emulator gave no picture of the screen");
      return frame;
    },
    async photograph(path) {
      // The emulator has a folder of its own, and would look for the file there.
      await qmp.ask("screendump", { filename: resolve(path), format: "png" }, alive);
    },
    async bytesRead() {
      const stats = (await qmp.ask("query-blockstats", {}, alive)) as readonly BlockStats[];
      return stats.find(({ device }) => device === "medium" || device === "ide0-hd0")?.stats?.rd_bytes ?? 0;
    },
    async idle() {
      return allHalted(await monitor("info registers -a"));
    },
    async runsLinux() {
      return inLinux(await monitor("info registers -a"));
    },
    async [Symbol.asyncDispose]() {
      leaving = true;
      await orStop(qmp.ask("quit", {}, gone.signal), AbortSignal.timeout(2_000)).catch(() => undefined);
      await rest[Symbol.asyncDispose]();
    },
  };
}

interface BlockStats {
  readonly device?: string;
  readonly stats?: { readonly rd_bytes?: number };
}

/** Linux on amd64 lives in the highest 2 GiB or runs a program in ring 3; no firmware or boot loader does either. */
export const inLinux = (registers: string): boolean => /RIP=ffffffff[89a-f]/.test(registers) || /CPL=3/.test(registers);

export const allHalted = (registers: string): boolean => /HLT=1/.test(registers) && !/HLT=0/.test(registers);
