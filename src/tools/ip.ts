/** An interface's addresses as ip(8) tells them. */
export interface Interface {
  readonly name: string;
  readonly up: boolean;
  /** IPv4 addresses, each with the length of its network's prefix. */
  readonly addresses: readonly { readonly address: string; readonly prefix: number }[];
}

export const listAddresses = ["-json", "address", "show"] as const;

interface Row {
  readonly ifname?: string;
  readonly flags?: readonly string[];
  readonly addr_info?: readonly { readonly family?: string; readonly local?: string; readonly prefixlen?: number }[];
}

/** Read what `listAddresses` printed. Interfaces without an IPv4 address are among them when all are asked for. */
export const interfacesIn = (text: string): readonly Interface[] =>
  (JSON.parse(text === "" ? "[]" : text) as readonly Row[]).flatMap(({ ifname, flags = [], addr_info = [] }) =>
    ifname === undefined
      ? []
      : [
          {
            name: ifname,
            up: flags.includes("UP"),
            addresses: addr_info.flatMap(({ family, local, prefixlen }) =>
              family !== "inet" || local === undefined || prefixlen === undefined
                ? []
                : [{ address: local, prefix: prefixlen }],
            ),
          },
        ],
  );

/** What ip(8) does, one call each. */
export const ip = {
  up: (device: string): readonly string[] => ["link", "set", "dev", device, "up"],
  addTap: (device: string): readonly string[] => ["tuntap", "add", "dev", device, "mode", "tap"],
  addBridge: (device: string): readonly string[] => ["link", "add", "name", device, "type", "bridge"],
  /** Two ends of a cable, the second in another process's network. */
  addCable: (device: string, far: string, pid: number): readonly string[] => [
    ...["link", "add", "name", device, "type", "veth"],
    ...["peer", "name", far, "netns", String(pid)],
  ],
  into: (device: string, bridge: string): readonly string[] => ["link", "set", "dev", device, "master", bridge],
  addAddress: (device: string, address: string): readonly string[] => ["address", "add", address, "dev", device],
  remove: (device: string): readonly string[] => ["link", "delete", "dev", device],
} as const;
