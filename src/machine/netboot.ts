import { basename } from "node:path/posix";
import type { Event } from "../events.ts";
import { Failure } from "../failure.ts";
import { offered, type Entry, type Firmware, type LinuxEntry, type MediumRecord } from "../medium.ts";
import { computerFor, fetchingOf, listPath, type ModuleList } from "../netboot/list.ts";
import type { NetbootFolder } from "../serve/folder.ts";
import type { Receive } from "../serve/http.ts";
import { loaders } from "../tools/dnsmasq.ts";
import type { NetworkBoot } from "../tools/qemu.ts";
import { bootAndProve, type Trial, type Verdict } from "./boot.ts";
import type { ImageFacts } from "./medium.ts";
import { networkFor, type AddressGiver } from "./network.ts";
import type { Finding } from "./questions.ts";
import { routeTo } from "./route.ts";

export interface NetTrial extends Omit<Trial, "image" | "facts" | "medium" | "tap"> {
  readonly folder: NetbootFolder;
  readonly by: NetworkBoot;
  readonly addresses: AddressGiver;
  /** `hooks/attend` of the program. */
  readonly attend: string;
  /** Takes what the guest sends. */
  readonly receive?: Receive | undefined;
  /** Told what the servers are asked. */
  readonly report: (event: Event) => void;
}

export interface NetVerdict extends Verdict {
  /** What the servers were asked, in order. */
  readonly requests: readonly string[];
}

/** One boot of a guest without a disk, from a folder that is served to it. This process's network namespace must be its own. */
export async function bootFromNetwork(trial: NetTrial): Promise<NetVerdict> {
  const { folder, by, firmware, entry, addresses, attend, receive, signal } = trial;
  const asked: Event[] = [];
  const report = (event: Event): void => {
    if (event.kind === "request") asked.push(event);
    trial.report(event);
  };
  const ipxe = by === "ipxe" ? "script" : "as any PXE";
  await using network = await networkFor({ folder: folder.path, ipxe, addresses, attend, receive, signal, report });
  const stop = new AbortController();
  void network.failed.then((why) => {
    stop.abort(why);
  });
  const verdict = await bootAndProve({
    ...trial,
    memory: trial.memory ?? memoryFor(folder, trial),
    image: folder.path,
    facts: factsOf(folder, firmware, entry),
    medium: by,
    tap: network.tap,
    signal: AbortSignal.any([signal, stop.signal]),
  });
  const requests = asked.flatMap(told);
  const started = startedBy(by, firmware, requests);
  const findings = [...verdict.findings, started];
  const passed = verdict.passed && started.passed;
  const reason = verdict.passed && !passed ? `not so: ${started.name} (${started.detail})` : verdict.reason;
  return { ...verdict, passed, reason, findings, requests };
}

const told = (event: Event): readonly string[] =>
  event.kind === "request" ? [`${event.by} ${event.what}: ${event.outcome}`] : [];

/** What is known of a medium, of a folder; the modules are those that the entry fetches. */
export function factsOf(folder: NetbootFolder, firmware: Firmware, entry: string | undefined): ImageFacts {
  const list = listOf(folder, firmware, entry);
  const bytes = list?.modules.reduce((sum, module) => sum + module.bytes, 0) ?? 0;
  const modules = list?.modules.map(({ path }) => basename(path)) ?? [];
  const record: MediumRecord = { ...folder.record, modules };
  return { kind: "folder", bytes, files: [], record };
}

/** The list that an entry fetches; an entry that starts no live system fetches none. */
function listOf({ record, lists }: NetbootFolder, firmware: Firmware, name?: string): ModuleList | undefined {
  const { entry } = routeTo(record.menu, firmware, name);
  if (entry.do !== "linux") return undefined;
  const fetching = fetchingOf(entry.arguments);
  const found = [...lists].find(([list]) => listPath(list) === fetching?.path)?.[1];
  if (found !== undefined) return found;
  throw new Failure(
    "usage",
    `the entry "${entry.name}" fetches ${fetching?.path ?? "no list"}, which is not in the folder`,
    {
      remedy: `the folder has the lists ${[...lists.keys()].join(", ")}`,
    },
  );
}

/** The first entry of a menu that fetches the list of that name. */
export function entryFetching({ record, lists }: NetbootFolder, firmware: Firmware, list: string): string {
  const all = flat(offered(record.menu.entries, firmware));
  const found = all.find(({ arguments: args }) => fetchingOf(args)?.path === listPath(list));
  if (found !== undefined) return found.name;
  const known = [...lists.keys()].filter((name) =>
    all.some((one) => fetchingOf(one.arguments)?.path === listPath(name)),
  );
  throw new Failure("usage", `no entry of the ${firmware} menu fetches the list "${list}"`, {
    remedy: `entries fetch ${known.join(", ")}`,
  });
}

const flat = (entries: readonly Entry[]): readonly LinuxEntry[] =>
  entries.flatMap((entry) => (entry.do === "menu" ? flat(entry.entries) : entry.do === "linux" ? [entry] : []));

/** MiB for a guest that starts an entry; what a desktop needs besides is said with --memory. */
export function memoryFor(folder: NetbootFolder, { firmware, entry }: MemoryWish): number {
  const kind = firmware === "bios" ? "bios" : "uefi";
  return Math.max(512, computerFor(listOf(folder, firmware, entry) ?? { memory: 0 }, kind));
}

interface MemoryWish {
  readonly firmware: Firmware;
  readonly entry?: string | undefined;
}

/** The servers saw what was started first; nothing that the guest could say proves it. */
function startedBy(by: NetworkBoot, firmware: Firmware, requests: readonly string[]): Finding {
  const wanted = {
    pxe: `tftp ${firmware === "bios" ? loaders.bios : loaders.efi}: sent`,
    ipxe: `http GET /${loaders.ipxe}: 200, sent`,
    http: `http GET /${loaders.http}: 200, sent`,
  }[by];
  const passed = requests.includes(wanted);
  const first = requests.filter((request) => !request.startsWith("dhcp")).slice(0, 5);
  return {
    name: `the ${firmware} firmware was started by ${by}`,
    passed,
    detail: passed ? wanted : `wanted "${wanted}", the first requests were: ${first.join("; ") || "none"}`,
  };
}
