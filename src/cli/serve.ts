import { stat } from "node:fs/promises";
import type { Event } from "../events.ts";
import { Failure } from "../failure.ts";
import { orStop, pause } from "../machine/wait.ts";
import { readFolder, refuseSpoilt, refuseUnreadable, type NetbootFolder } from "../serve/folder.ts";
import { placeFor, type Place } from "../serve/place.ts";
import { serve as start, type Served } from "../serve/serve.ts";
import { requireHost } from "../survey/doctor.ts";
import { trueFile, isRoot } from "../system/host.ts";
import { programRoot } from "./about.ts";
import type { ServeOptions } from "./options.ts";
import { receiver, tokenFaults } from "./receiver.ts";
import type { Session } from "./session.ts";

/** The usual ports of root and of everybody else. */
const usualPort = (): number => (isRoot() ? 80 : 8080);

/** Serve a netboot folder until somebody stops it. */
export async function serve(folder: string, options: ServeOptions, session: Session): Promise<void> {
  const { signal } = session;
  const path = trueFile(folder) ?? folder;
  const found = await readFolder(path);
  refuseContradictions(options);
  await refuseUnreadable(path);
  if (options.verify) await verified(path, session);
  if (isRoot() || options.interface !== undefined) await requireHost("serve", signal);
  const served = await stateOf(path);
  const place = await placeFor(options, signal);
  refuseWithoutRights(place);
  const held = heldBack(options.json ? jsonLines(session) : session.report);
  await using taking = await receiver(path, options, session);
  await using server = await start({
    folder: path,
    place,
    port: options.httpPort ?? usualPort(),
    addresses: options.dhcpRange === undefined ? { kind: "elsewhere" } : { kind: "range", ...options.dhcpRange },
    ipxe: options.ipxe ? "script" : "as any PXE",
    receive: taking?.receive,
    attend: `${programRoot}/hooks/attend`,
    signal,
    report: held.report,
  });
  session.print(options.json ? JSON.stringify(readyLine(server, place, path)) : welcome(found, server, place, options));
  session.report({ kind: "serving" });
  held.release();
  const over = new AbortController();
  const anew = replaced(path, served, AbortSignal.any([signal, over.signal]));
  throw await orStop(Promise.race([server.failed, anew]), signal).finally(() => {
    over.abort();
  });
}

/** TFTP goes on with the folder that was there, which is soon removed, and HTTP with the new one: together they boot nothing. */
async function replaced(path: string, was: string, signal: AbortSignal): Promise<Failure> {
  while ((await stateOf(path)) === was) await pause(1000, signal);
  return new Failure("transient", `another folder was put in the place of ${path}`, { remedy: "start it again" });
}

const stateOf = (path: string): Promise<string> =>
  stat(path).then(
    ({ dev, ino }) => `${String(dev)} ${String(ino)}`,
    () => "",
  );

/** Faults of the command line that no single option shows. */
function refuseContradictions(options: ServeOptions): void {
  const faults = [
    ...(options.dhcpRange !== undefined && options.interface === undefined ? ["--dhcp-range needs --interface"] : []),
    ...tokenFaults(options),
  ];
  if (faults.length > 0) throw new Failure("usage", faults.join("\n"), { remedy: "livewright serve --help" });
}

/** Ports 67 and 69 are root's. */
function refuseWithoutRights({ interface: device }: Place): void {
  if (device === undefined || isRoot()) return;
  throw new Failure("host-unready", `only root may answer on ${device} by TFTP and DHCP`, {
    remedy: "sudo livewright serve … , or leave --interface out to try the folder on this machine by HTTP",
  });
}

async function verified(path: string, { report, signal }: Session): Promise<void> {
  const stage = "verify";
  const began = performance.now();
  report({ kind: "stage-started", stage, at: 1, of: 1 });
  await refuseSpoilt(path, signal);
  report({ kind: "stage-finished", stage, at: 1, of: 1, seconds: (performance.now() - began) / 1000 });
}

/** Somebody may ask while the other servers are still starting: that is told once it was said that all are there. */
function heldBack(report: Session["report"]): { readonly report: Session["report"]; readonly release: () => void } {
  const waiting: Event[] = [];
  let tell = (event: Event): void => void waiting.push(event);
  return {
    report: (event) => {
      tell(event);
    },
    release: () => {
      tell = report;
      waiting.forEach(report);
    },
  };
}

/** Each request as a line of JSON on standard output, for programs. */
const jsonLines =
  ({ print, report }: Session): Session["report"] =>
  (event: Event) => {
    if (event.kind === "request" || event.kind === "note") print(JSON.stringify(event));
    else report(event);
  };

const readyLine = ({ url, tftp }: Served, place: Place, folder: string): Record<string, unknown> => ({
  kind: "ready",
  folder,
  http: url,
  ...(tftp === undefined ? {} : { tftp }),
  ...(place.interface === undefined ? {} : { interface: place.interface }),
});

function welcome({ record, path }: NetbootFolder, served: Served, place: Place, options: ServeOptions): string {
  const { name, version, suite, architecture } = record;
  const at = [served.url, ...(served.tftp === undefined ? [] : [served.tftp])].map((url) => `${url}/`).join(" and ");
  return [
    `Ready: ${name} ${version} (${suite}, ${architecture}) from ${path} at ${at}`,
    ...(place.interface === undefined ? onlyHere(served) : advice(place.interface, place.address, options)),
    ...(options.uploads === undefined ? [] : [`Saved modules sent with the token are kept in ${options.uploads}.`]),
    "Ctrl-C ends it.",
  ].join("\n");
}

const onlyHere = ({ tftp }: Served): readonly string[] => [
  `Only this machine can reach it${tftp === undefined ? ", and only by HTTP: TFTP's port is root's" : ""}.`,
  `For a network: ${isRoot() ? "" : "sudo "}livewright serve DIR --interface NAME`,
];

const advice = (device: string, address: string, { dhcpRange }: ServeOptions): readonly string[] => [
  ...(dhcpRange === undefined
    ? [
        `On ${device} computers get their address from the network's own DHCP server, and from here what to boot.`,
        `UEFI needs that server to name ${address} as next server: GRUB looks there for its menu, and what HTTP boot starts for its modules.`,
      ]
    : [`On ${device} computers get an address of ${dhcpRange.from} to ${dhcpRange.to} from here, and what to boot.`]),
  "Start a computer there and let it boot from the network: PXE by BIOS or UEFI, iPXE, or UEFI HTTP boot.",
];
