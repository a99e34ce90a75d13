import { mkdir } from "node:fs/promises";
import { basename, join } from "node:path";
import { shipped, type Command, type Place } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Sandbox } from "../plan/stage.ts";
import { ownMounts } from "../tools/unshare.ts";
import { locate, spell, type Whereabouts } from "./locate.ts";
import type { Draft } from "./draft.ts";

/** A program to start on the host: what `system/process.ts` takes. */
export interface Spelled {
  readonly tool: string;
  readonly args: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly input?: string;
  readonly inputFile?: string;
}

export function onHost(command: Command, where: Whereabouts): Spelled {
  const find = (place: Place): string => locate(place, where);
  return {
    tool: command.tool,
    args: command.args.map((arg) => spell(arg, find)),
    env: spellAll(command.env ?? {}, find),
    ...(command.input === undefined ? {} : { inputFile: find(command.input) }),
  };
}

/** What a sandbox is filled from. */
interface Furnishings extends Whereabouts {
  readonly draft: Draft;
}

/**
 * A program in namespaces of its own: `unshare` makes them, `hooks/enter` fills them from the table on its standard input.
 * Each place the command names appears under /mnt, so that nothing else of this machine can be written, and no path with
 * a strange name reaches a mount option.
 */
export async function inSandbox(command: Command, sandbox: Sandbox, where: Furnishings): Promise<Spelled> {
  if (sandbox.network && where.site.archive.offline)
    throw new Failure("host-unready", "this step reaches the network, and nothing is fetched with --offline", {
      remedy: "do the same once without --offline",
    });
  const table = new Table(where);
  const args = command.args.map((arg) => spell(arg, (place) => table.show(place)));
  const env = spellAll(command.env ?? {}, (place) => table.show(place));
  const work = join(where.draft.path, "work");
  for (const lower of sandbox.lowers) table.add("lower", locate(lower, where));
  if (sandbox.lowers.length > 0) {
    const upper = sandbox.upper === undefined ? join(where.draft.path, "thrown-away") : locate(sandbox.upper, where);
    await mkdir(upper, { recursive: true });
    table.add("upper", upper, work);
  }
  if (sandbox.archive === true) table.add("bind", where.site.archive.folder, "archive");
  table.add("hostname", sandbox.hostname);
  // prettier-ignore
  const unshare = [
    ...ownMounts, "--mount-proc",
    ...(sandbox.network ? [] : ["--net"]),
    "--", "perl", locate(shipped("hooks/enter"), where), join(where.draft.path, "mount"),
  ];
  return { tool: "unshare", args: [...unshare, command.tool, ...args], env, input: table.text };
}

const spellAll = (env: NonNullable<Command["env"]>, find: (place: Place) => string): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, spell(value, find)]));

/** The lines that `hooks/enter` reads, and the names under which it shows places. */
class Table {
  readonly #where: Furnishings;
  readonly #lines: string[] = [];
  readonly #names = new Map<string, string>();
  constructor(where: Furnishings) {
    this.#where = where;
  }

  get text(): string {
    return this.#lines.map((line) => `${line}\n`).join("");
  }

  add(word: string, ...fields: readonly string[]): void {
    const bad = fields.find((field) => /[\t\n]/.test(field));
    if (bad !== undefined)
      throw new Failure("usage", `${JSON.stringify(bad)}: a path with a tab or a line break cannot be used here`);
    this.#lines.push([word, ...fields].join("\t"));
  }

  /** The path at which the command finds a place. */
  show(place: Place): string {
    switch (place.at) {
      case "output":
        return join(this.#once("out", "bind-rw", this.#where.draft.out), place.path);
      case "scratch":
        return join(this.#once("scratch", "bind-rw", this.#where.draft.scratch), place.path);
      case "archive":
        return locate(place, this.#where);
      case "secret":
        return this.#secret(place.name);
      case "source":
      case "stage": {
        const path = locate(place, this.#where);
        return this.#once(`in/${String(this.#names.size)}/${sayable(basename(path))}`, "bind", path);
      }
    }
  }

  #once(name: string, word: "bind" | "bind-rw", path: string): string {
    const known = this.#names.get(path);
    if (known !== undefined) return known;
    this.add(word, path, name);
    this.#names.set(path, `/mnt/${name}`);
    return `/mnt/${name}`;
  }

  #secret(name: string): string {
    const text = this.#where.site.secrets[name];
    if (text === undefined) throw new Failure("bug", `no secret is called ${name}`);
    this.add("secret", `secret/${name}`);
    this.#lines.push(text);
    return `/mnt/secret/${name}`;
  }
}

/** Names inside the sandbox are ours: hooks split lists at spaces. */
const sayable = (name: string): string => name.replace(/[^A-Za-z0-9._+-]/g, "_").replace(/^-/, "_");
