import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as sleep } from "node:timers/promises";
import { fileURLToPath } from "node:url";
import { capture } from "../../src/system/process.ts";
import { checkout } from "../livewright.ts";

const signal = new AbortController().signal;

/** Two computers with a cable between them, as network namespaces of this one: `srv` of the server and `cli` of the client. */
export interface Lab extends AsyncDisposable {
  readonly server: string;
  readonly inServer: (...words: readonly string[]) => Promise<string>;
  readonly inClient: (...words: readonly string[]) => Promise<string>;
  /** Start the program on the server. */
  readonly livewright: (...words: readonly string[]) => Program;
  /** Ask by DHCP what a client of that kind would; the answers that came. */
  readonly dhcp: (question: Question) => Promise<readonly Answer[]>;
}

export interface Program {
  readonly child: ChildProcess;
  readonly output: () => string;
  readonly ended: Promise<number | null>;
}

/** What a client says of itself. */
export interface Question {
  readonly vendor: string;
  readonly arch: number;
  readonly user?: string;
  /** Ask at 4011 as UEFI does, after a proxy's offer. */
  readonly again?: boolean;
}

export interface Answer {
  readonly from: string;
  readonly type: number;
  readonly yiaddr: string;
  readonly siaddr: string;
  readonly file: string;
  readonly vendor: string;
}

export async function lab(): Promise<Lab> {
  const holders = [hold(), hold()] as const;
  const [server, client] = await Promise.all(holders.map(entered));
  const within =
    (pid: string) =>
    (...words: readonly string[]): Promise<string> =>
      capture({ tool: "nsenter", args: [`--net=/proc/${pid}/ns/net`, "--", ...words], signal });
  const [inServer, inClient] = [within(server!), within(client!)];
  await inServer("ip", "link", "set", "lo", "up");
  await inServer("ip", "link", "add", "srv", "type", "veth", "peer", "name", "cli", "netns", client!);
  await inServer("ip", "link", "add", "other", "type", "bridge");
  for (const [device, address] of [
    ["srv", "10.77.0.1/24"],
    ["other", "10.78.0.1/24"],
  ] as const) {
    await inServer("ip", "address", "add", address, "dev", device);
    await inServer("ip", "link", "set", device, "up");
  }
  await inClient("ip", "address", "add", "10.77.0.9/24", "dev", "cli");
  await inClient("ip", "link", "set", "cli", "up");
  await inClient("ip", "route", "add", "255.255.255.255", "dev", "cli");
  const programs: Program[] = [];
  return {
    server: server!,
    inServer,
    inClient,
    livewright(...words) {
      const child = spawn("nsenter", [
        `--net=/proc/${server!}/ns/net`,
        ...["--", process.execPath, `${checkout}/dist/main.js`, ...words],
      ]);
      let text = "";
      for (const stream of [child.stdout, child.stderr])
        stream.on("data", (piece: Buffer) => (text += piece.toString()));
      const ended = new Promise<number | null>((resolve) => child.on("close", resolve));
      const program = { child, output: () => text, ended };
      programs.push(program);
      return program;
    },
    async dhcp(question) {
      const script = fileURLToPath(new URL("dhcp-client.mjs", import.meta.url));
      return JSON.parse(await inClient(process.execPath, script, JSON.stringify(question))) as readonly Answer[];
    },
    async [Symbol.asyncDispose]() {
      for (const { child, ended } of programs) {
        child.kill("SIGKILL");
        await ended;
      }
      for (const holder of holders) holder.kill("SIGKILL");
    },
  };
}

/** A network namespace lasts as long as a process in it. */
const hold = (): ChildProcess =>
  spawn("setpriv", ["--pdeathsig", "KILL", "--", "unshare", "--net", "sleep", "infinity"]);

async function entered({ pid }: ChildProcess): Promise<string> {
  for (let attempt = 0; attempt < 100; attempt++) {
    const [own, its] = await Promise.all(
      ["self", String(pid)].map((who) => capture({ tool: "readlink", args: [`/proc/${who}/ns/net`], signal })),
    );
    if (own !== its) return String(pid);
    await sleep(50);
  }
  throw new Error("no network namespace was made");
}
