import { BlockList } from "node:net";
import { Failure } from "../failure.ts";
import { capture } from "../system/process.ts";
import { interfacesIn, listAddresses, type Interface } from "../tools/ip.ts";

/** Where a server is to be found. */
export interface Place {
  readonly address: string;
  /** Absent: only this machine. */
  readonly interface?: string;
}

/** What somebody asked for. */
export interface PlaceWish {
  readonly interface?: string | undefined;
  readonly address?: string | undefined;
  /** Addresses that are to be given there. */
  readonly dhcpRange?: AddressRange | undefined;
}

export interface AddressRange {
  readonly from: string;
  readonly to: string;
}

/** The one address that is listened at: loopback, or that of the interface which is named. */
export async function placeFor(wish: PlaceWish, signal: AbortSignal): Promise<Place> {
  if (wish.interface === undefined) return { address: loopback(wish.address) };
  if (wish.interface === "lo")
    throw new Failure("usage", "lo is no network: only this machine is on it", {
      remedy: "leave --interface out, to serve to this machine only",
    });
  const all = interfacesIn(await capture({ tool: "ip", args: listAddresses, signal }));
  const address = addressOn(all, { ...wish, interface: wish.interface });
  if (wish.dhcpRange !== undefined) refuseRange(all, { interface: wish.interface, address, ...wish.dhcpRange });
  return { interface: wish.interface, address };
}

/** Addresses of another network would be given to nobody, and the server's own to somebody else. */
export function refuseRange(
  all: readonly Interface[],
  { interface: name, address, from, to }: AddressRange & { readonly interface: string; readonly address: string },
): void {
  const taken = all.find((one) => one.name === name)?.addresses ?? [];
  const prefix = taken.find((one) => one.address === address)?.prefix ?? 32;
  const network = new BlockList();
  network.addSubnet(address, prefix);
  const range = new BlockList();
  range.addRange(from, to);
  const outside = [from, to].filter((end) => !network.check(end));
  if (outside.length > 0)
    throw new Failure(
      "usage",
      `${outside.join(" and ")} cannot be given on ${name}, whose network is that of ${address}/${String(prefix)}`,
      {
        remedy: `give ${name} another address, or name addresses of this network with --dhcp-range`,
      },
    );
  const own = taken.filter((one) => range.check(one.address)).map((one) => one.address);
  if (own.length > 0)
    throw new Failure("usage", `${own.join(" and ")} is ${name}'s own, and cannot be given to others`, {
      remedy: "leave it out of --dhcp-range",
    });
}

function loopback(address = "127.0.0.1"): string {
  if (/^127\./.test(address)) return address;
  throw new Failure("usage", `--address ${address} is not this machine's alone`, {
    remedy: "name the interface as well, with --interface: nothing is shown to a network that was not named",
  });
}

/** Choose among an interface's addresses. Pure, so that every fault has a test. */
export function addressOn(
  all: readonly Interface[],
  wish: { readonly interface: string; readonly address?: string | undefined },
): string {
  const name = wish.interface;
  const found = all.find((one) => one.name === name);
  const networks = all.map((one) => one.name).filter((one) => one !== "lo");
  if (found === undefined)
    throw new Failure("usage", `there is no interface ${name}`, {
      remedy: `it is one of ${networks.join(", ")}`,
    });
  if (!found.up) throw new Failure("host-unready", `${name} is down`, { remedy: `sudo ip link set ${name} up` });
  const addresses = found.addresses.map(({ address }) => address);
  const [first] = addresses;
  if (first === undefined)
    throw new Failure("host-unready", `${name} has no IPv4 address`, {
      remedy: `sudo ip address add 10.0.0.1/24 dev ${name}, if the network has no other server`,
    });
  if (wish.address === undefined || addresses.includes(wish.address)) return wish.address ?? first;
  throw new Failure("usage", `${name} has no address ${wish.address}`, { remedy: `it has ${addresses.join(", ")}` });
}
