import { open } from "node:fs/promises";
import type { Report } from "../events.ts";
import { Failure } from "../failure.ts";
import { addressServer } from "../serve/companions.ts";
import type { Receive } from "../serve/http.ts";
import { serve } from "../serve/serve.ts";
import { AsyncStack } from "../system/disposal.ts";
import { accompany, run, type Companion } from "../system/process.ts";
import { scratch } from "../system/scratch.ts";
import { ip } from "../tools/ip.ts";

/**
 * Who gives the guest its address: our own server, or another of the network, beside which ours only says what to boot. That one
 * may name us as the next server, or nobody.
 */
export type AddressGiver = "serve" | "other" | "next";

export interface NetworkWish {
  /** The netboot folder, with all its links followed. */
  readonly folder: string;
  readonly ipxe: "script" | "as any PXE";
  readonly addresses: AddressGiver;
  readonly receive?: Receive | undefined;
  /** `hooks/attend` of the program. */
  readonly attend: string;
  readonly signal: AbortSignal;
  readonly report: Report;
}

/** A network on which a folder is served, with a socket for one guest. All of it is gone when it is disposed of. */
export interface Network extends AsyncDisposable {
  /** The guest's tap device. */
  readonly tap: string;
  readonly failed: Promise<Failure>;
}

const tap = "guest";
const bridge = "lab";
const cable = { here: "router", there: "up" } as const;
const addresses = { ours: "10.86.0.1", other: "10.86.0.254", from: "10.86.0.100", to: "10.86.0.199" } as const;
const prefix = "/24";

/** Make a network in the network namespace that this process is in, which must be its own, and serve a folder there. */
export async function networkFor(wish: NetworkWish): Promise<Network> {
  const { signal, report, attend } = wish;
  await requireTap();
  const configure = async (...calls: readonly (readonly string[])[]): Promise<void> => {
    for (const args of calls) await run({ tool: "ip", args, signal });
  };
  await using parts = new AsyncStack();
  parts.use({ [Symbol.asyncDispose]: () => remove([tap, bridge]) });
  const device = wish.addresses === "serve" ? tap : bridge;
  await configure(ip.up("lo"), ip.addTap(tap));
  if (device === bridge) await configure(ip.addBridge(bridge), ip.into(tap, bridge), ip.up(bridge));
  await configure(ip.addAddress(device, `${addresses.ours}${prefix}`), ip.up(tap));
  if (device === bridge) {
    const other = parts.use(await otherNetwork(signal));
    await configure(ip.addCable(cable.here, cable.there, other.pid), ip.into(cable.here, bridge), ip.up(cable.here));
    for (const args of [ip.addAddress(cable.there, `${addresses.other}${prefix}`), ip.up(cable.there)])
      await run({ tool: "nsenter", args: [`--net=/proc/${String(other.pid)}/ns/net`, "--", "ip", ...args], signal });
    const draft = parts.use(await scratch());
    const range = { interface: cable.there, from: addresses.from, to: addresses.to, network: other.pid };
    const next = wish.addresses === "next" ? addresses.ours : undefined;
    parts.use(
      await addressServer({ ...range, next }, { scratch: draft.path, attend, signal, report: () => undefined }),
    );
  }
  const served = parts.use(
    await serve({
      folder: wish.folder,
      place: { address: addresses.ours, interface: device },
      port: 80,
      addresses: device === tap ? { kind: "range", from: addresses.from, to: addresses.to } : { kind: "elsewhere" },
      ipxe: wish.ipxe,
      receive: wish.receive,
      attend,
      signal,
      report,
    }),
  );
  const all = parts.move();
  return { tap, failed: served.failed, [Symbol.asyncDispose]: () => all[Symbol.asyncDispose]() };
}

/** A network namespace beside ours. It lasts as long as the program in it, which waits for its input to end. */
async function otherNetwork(signal: AbortSignal): Promise<Companion> {
  const holder = accompany({ tool: "unshare", args: ["--net", "--", "sh", "-c", "echo there; exec cat"], signal });
  const there = new Promise<true>((resolve) => {
    holder.stdout.once("data", () => {
      resolve(true);
    });
  });
  if ((await Promise.race([there, holder.ended])) === true) return holder;
  throw new Failure("host-unready", "no second network could be made for the other DHCP server", {
    remedy: "livewright test DIR --dhcp serve needs only one",
  });
}

/** What is not there needs no removing. Whoever stopped us still wants the next boot's network to be new. */
async function remove(devices: readonly string[]): Promise<void> {
  const { signal } = new AbortController();
  for (const device of devices) await run({ tool: "ip", args: ip.remove(device), signal, accept: [1] });
}

/** The kernel's door to devices of one's own. Debian lets everybody through. */
async function requireTap(): Promise<void> {
  const door = "/dev/net/tun";
  try {
    await using _ = await open(door, "r+");
  } catch (cause) {
    const absent = (cause as NodeJS.ErrnoException).code === "ENOENT";
    throw new Failure("host-unready", `${door} cannot be opened, which connects a guest to a network`, {
      remedy: absent ? "sudo modprobe tun" : `sudo chmod 0666 ${door}`,
      cause,
    });
  }
}
