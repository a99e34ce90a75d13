import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { Failure } from "../failure.ts";
import { exists, fileState, toolState } from "../system/host.ts";
import { accompany } from "../system/process.ts";
import {
  acquire,
  configuration,
  configured,
  detectedProxy,
  detectProxy,
  detectsProxies,
  outcome,
  sourcePlaces,
  transport,
  type Acquired,
  type Acquisition,
} from "../tools/apt-method.ts";
import { ask } from "./ask.ts";

/** This host's apt: its configuration, asked for once, and its transports, which go by it: proxies, credentials, certificates. */
export class HostApt {
  readonly #signal: AbortSignal;
  #configuration: Promise<string> | undefined;
  constructor(signal: AbortSignal) {
    this.#signal = signal;
  }

  /** Begin to ask for the configuration, which takes a while, for those who will need it. */
  prepare(): void {
    this.configuration().catch(() => undefined); // Told to whoever asks for it.
  }

  configuration(): Promise<string> {
    return (this.#configuration ??= ask(configuration(), this.#signal));
  }

  /** All that its sources of packages depend on: its configuration, its lists of sources, and the program that reads them. */
  async sources(): Promise<readonly unknown[]> {
    const printed = await this.configuration();
    const { list, parts } = sourcePlaces(printed);
    const names = exists(parts) ? (await readdir(parts)).sort() : [];
    const files = [list, ...names.map((name) => join(parts, name))];
    return [printed, toolState("apt-get"), files.map(fileState)];
  }

  /** Fetch a file, following where the archive sends us, and trying again what may only be out of order for now. */
  async acquire(wish: Acquisition): Promise<Exclude<Acquired, { kind: "elsewhere" }>> {
    let { url } = wish;
    let tries = mostTries;
    for (let moves = 0; moves < mostMoves; moves++) {
      const end = await this.#once({ ...wish, url });
      if (end.kind === "elsewhere") url = end.url;
      else if (end.kind !== "failed" || !end.transient || --tries === 0) return end;
    }
    return { kind: "failed", why: `it leads from one place to the next, the last being ${url}`, transient: false };
  }

  async #once(wish: Acquisition): Promise<Acquired> {
    const tool = transport(wish.url);
    const settings = await this.configuration();
    await using method = accompany({ tool, args: [], signal: this.#signal, grace: 500 });
    const proxy = detectsProxies(settings) ? detectedProxy(await ask(detectProxy(wish.url), this.#signal)) : undefined;
    method.stdin.write(`${configured(settings)}${acquire({ ...wish, proxy })}`);
    const said: string[] = [];
    createInterface({ input: method.stderr }).on("line", (line) => said.push(line));
    for await (const text of messages(method.stdout)) {
      const end = outcome(text);
      if (end !== undefined) return end;
    }
    const { reason, aborted } = this.#signal as { readonly reason: unknown; readonly aborted: boolean };
    if (aborted) throw reason instanceof Failure ? reason : new Failure("interrupted", "stopped", { cause: reason });
    return { kind: "failed", why: said.at(-1) ?? `${tool} ended without an answer`, transient: false };
  }
}

/** As often as `Acquire::Retries=2` has it. */
const mostTries = 3;

/** Redirections, as browsers count them, and the tries above. */
const mostMoves = 20;

/** Paragraphs of a stream. */
async function* messages(stream: NodeJS.ReadableStream): AsyncGenerator<string> {
  let rest = "";
  for await (const piece of stream) {
    const parts = `${rest}${String(piece)}`.split("\n\n");
    rest = parts.pop() ?? "";
    yield* parts.map((part) => part.trimStart());
  }
}
