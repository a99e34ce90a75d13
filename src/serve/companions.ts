import { createSocket } from "node:dgram";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Report } from "../events.ts";
import { Failure } from "../failure.ts";
import { isCode } from "../system/files.ts";
import { linesOf } from "../system/lines.ts";
import { everyOwner, ownerMapping } from "../system/owners.ts";
import { accompany } from "../system/process.ts";
import { DnsmasqLog, type Heard } from "../tools/dnsmasq-log.ts";
import {
  addressesConfig,
  adviceConfig,
  foreground,
  nameserver,
  tftpConfig,
  type BootAdvice,
} from "../tools/dnsmasq.ts";

/** A server beside us. */
export interface Serving extends AsyncDisposable {
  /** Settles when it has ended although nobody asked it to, with why. */
  readonly failed: Promise<Failure>;
}

export interface Site {
  /** A folder for configuration. */
  readonly scratch: string;
  /** `hooks/attend` of the program. */
  readonly attend: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** Where `attend` shows a folder. */
const shown = "/mnt/shown";

/** Hand out a folder's files by TFTP at one address. */
export async function tftpServer(folder: string, address: string, site: Site): Promise<Serving> {
  await refuseShared(address, 69);
  const config = tftpConfig({ address, root: shown, account: await account() });
  return started({ name: "tftp", config, folder, log: new DnsmasqLog(shown), where: `${address}, port 69` }, site);
}

/** Say on one network what to boot. */
export async function adviceServer(advice: Omit<BootAdvice, "leases" | "account">, site: Site): Promise<Serving> {
  const config = adviceConfig({ ...advice, leases: join(site.scratch, "leases"), account: await account() });
  const where = `${advice.interface}, port 67 or 4011`;
  return started({ name: "dhcp", config, folder: "-", log: new DnsmasqLog(), where }, site);
}

/** Give addresses on another network, which a process of it lets in, as somebody else's server would. */
export async function addressServer(
  wish: {
    readonly interface: string;
    readonly from: string;
    readonly to: string;
    readonly next?: string | undefined;
    readonly network: number;
  },
  site: Site,
): Promise<Serving> {
  const config = addressesConfig({ ...wish, leases: join(site.scratch, "other-leases"), account: await account() });
  const enter = ["nsenter", `--net=/proc/${String(wish.network)}/ns/net`, "--"];
  const where = `${wish.interface}, port 67`;
  return started({ name: "other-dhcp", config, folder: "-", log: new DnsmasqLog(), where, enter }, site);
}

/** dnsmasq shares its port with whoever is there already; questions then reach only one of the two. */
async function refuseShared(address: string, port: number): Promise<void> {
  const socket = createSocket("udp4");
  const fault = await new Promise<Error | undefined>((resolve) => {
    socket.once("error", resolve);
    socket.bind({ address, port, exclusive: true }, () => {
      resolve(undefined);
    });
  });
  if (fault === undefined) await new Promise<void>((resolve) => socket.close(resolve));
  else if (isCode(fault, "EADDRINUSE")) throw inUse("TFTP", `${address}, port ${String(port)}`, fault);
  else throw fault;
}

const inUse = (name: string, where: string, cause?: unknown): Failure =>
  new Failure("busy", `another ${name} server listens at ${where} already`, {
    remedy: "ss -lunp names it; end it, or choose another address",
    cause,
  });

/** Somebody without rights, where there is such a one: a user namespace may have root alone, who is nobody outside of it. */
const account = async (): Promise<string | undefined> => ((await ownerMapping()) === everyOwner ? "nobody" : undefined);

interface Start {
  readonly name: string;
  readonly config: string;
  /** What it is shown; "-" is nothing. */
  readonly folder: string;
  readonly log: DnsmasqLog;
  /** Where it listens, for messages. */
  readonly where: string;
  /** What lets it into another network. */
  readonly enter?: readonly string[];
}

/** Its namespaces end with the process that made them, however that ends. */
const ownNamespaces = ["--mount", "--propagation", "private", "--pid", "--fork", "--kill-child"] as const;

async function started(start: Start, { scratch, attend, signal, report }: Site): Promise<Serving> {
  const file = join(scratch, `${start.name}.conf`);
  await writeFile(file, start.config);
  const [tool = "", ...args] = [
    ...(start.enter ?? []),
    ...["unshare", ...ownNamespaces, "--"],
    ...["sh", attend, start.folder, nameserver, ...foreground(file, await account())],
  ];
  const server = accompany({ tool, args, signal });
  const words: string[] = [];
  let stands = (): void => undefined;
  const ready = new Promise<undefined>((resolve) => {
    stands = () => {
      resolve(undefined);
    };
  });
  const hear = (line: string): void => {
    words.push(line);
    if (words.length > 20) words.shift();
    const heard = start.log.hear(line);
    if (heard?.kind === "ready") stands();
    else if (heard !== undefined) tell(heard, report);
  };
  const heard = Promise.all([server.stdout, server.stderr].map((stream) => linesOf(stream, hear)));
  const over = Promise.all([server.ended, heard]).then(() => faultOf(start, words));
  const fault = await Promise.race([ready, over, tooLate(start)]);
  if (fault !== undefined) await server[Symbol.asyncDispose]();
  signal.throwIfAborted();
  if (fault !== undefined) throw fault;
  let leaving = false;
  return {
    failed: over.then((why) => (leaving || signal.aborted ? new Promise<never>(() => undefined) : why)),
    async [Symbol.asyncDispose]() {
      leaving = true;
      await server[Symbol.asyncDispose]();
    },
  };
}

/** Seconds that a server may take to say that it listens; it does at once unless the host is overwhelmed. */
const patience = 30;

const tooLate = async ({ name, where }: Start): Promise<Failure> => {
  await sleep(patience * 1000, undefined, { ref: false });
  return new Failure("step-failed", `the ${name.toUpperCase()} server does not say that it listens at ${where}`);
};

function faultOf({ name, where }: Start, words: readonly string[]): Failure {
  const text = words.filter((line) => !line.includes("compile time options")).join("\n");
  if (text.includes("Address already in use")) return inUse(name.toUpperCase(), where);
  if (/not found|No such file/.test(text) && text.includes(nameserver) && !text.includes("started"))
    return new Failure("host-unready", `${nameserver} could not be started:\n${text}`, {
      remedy: "livewright doctor --for serve --install",
    });
  return new Failure("step-failed", `the ${name.toUpperCase()} server has ended:\n${text}`);
}

function tell(heard: Exclude<Heard, { readonly kind: "ready" }>, report: Report): void {
  switch (heard.kind) {
    case "file":
      report({ kind: "request", by: "tftp", client: heard.client, what: heard.path, outcome: heard.outcome });
      return;
    case "advice":
      report({ kind: "request", by: "dhcp", client: heard.client, what: "what to boot", outcome: heard.file });
      return;
    case "lease":
      report({ kind: "request", by: "dhcp", client: heard.client, what: "an address", outcome: heard.address });
      return;
    case "warning":
      report({ kind: "warning", text: heard.text });
  }
}
