import { describe, expect, test } from "vitest";
import { addressRange, port } from "../../src/cli/flags.ts";
import { addressOn, refuseRange } from "../../src/serve/place.ts";
import { allows } from "../../src/serve/token.ts";
import { DnsmasqLog } from "../../src/tools/dnsmasq-log.ts";
import { adviceConfig, tftpConfig, type BootAdvice } from "../../src/tools/dnsmasq.ts";
import { interfacesIn } from "../../src/tools/ip.ts";

const advice: BootAdvice = {
  interface: "eth1",
  address: "10.0.0.1",
  addresses: { kind: "elsewhere" },
  url: "http://10.0.0.1",
  ipxe: "script",
  leases: "/tmp/leases",
  account: "nobody",
};

test("the TFTP server listens at one address, reads one folder and answers no names", () => {
  expect(tftpConfig({ address: "10.0.0.1", root: "/mnt/shown", account: "nobody" })).toBe(
    [
      "port=0",
      "no-hosts",
      "no-resolv",
      "bind-interfaces",
      "log-facility=-",
      "user=nobody",
      "listen-address=10.0.0.1",
      "enable-tftp",
      "tftp-root=/mnt/shown",
      "",
    ].join("\n"),
  );
});

test("beside another DHCP server none of our own gives an address", () => {
  const text = adviceConfig(advice);
  expect(text).toContain("\ndhcp-range=10.0.0.1,proxy\n");
  expect(text).toContain("\ndhcp-pxe-vendor=PXEClient,HTTPClient\n");
  expect(text).not.toMatch(/dhcp-authoritative|enable-tftp/);
});

test("with a range it gives those addresses for an hour, and no way out", () => {
  const text = adviceConfig({ ...advice, addresses: { kind: "range", from: "10.0.0.100", to: "10.0.0.199" } });
  expect(text).toContain("\ndhcp-range=10.0.0.100,10.0.0.199,1h\n");
  expect(text).toContain("\ndhcp-option=option:router\n");
  expect(text).not.toContain("pxe-service");
});

test("iPXE has no words of its own where it is treated as any PXE", () => {
  expect(adviceConfig(advice)).toContain("dhcp-boot=tag:ipxe,http://10.0.0.1/boot.ipxe");
  expect(adviceConfig({ ...advice, ipxe: "as any PXE" })).not.toContain("ipxe");
});

describe("of dnsmasq's log is understood", () => {
  test.each([
    ["dnsmasq-tftp[7]: TFTP root is /mnt/shown  ", { kind: "ready" }],
    ["Nov  1 19:07:17 dnsmasq-tftp[7]: TFTP root is /mnt/shown  ", { kind: "ready" }],
    ["dnsmasq-dhcp[7]: DHCP, sockets bound exclusively to interface eth1", { kind: "ready" }],
    [
      "dnsmasq-tftp[7]: sent /mnt/shown/live/vmlinuz to 10.0.0.9",
      { kind: "file", client: "10.0.0.9", path: "live/vmlinuz", outcome: "sent" },
    ],
    [
      "dnsmasq-tftp[7]: file /mnt/shown/pxelinux.cfg/01-52 not found for 10.0.0.9",
      { kind: "file", client: "10.0.0.9", path: "pxelinux.cfg/01-52", outcome: "not found" },
    ],
    [
      "dnsmasq-tftp[7]: failed sending /mnt/shown/live/vmlinuz to 10.0.0.9",
      { kind: "file", client: "10.0.0.9", path: "live/vmlinuz", outcome: "broken off" },
    ],
    [
      "dnsmasq-tftp[7]: cannot access /mnt/shown/../secret: Permission denied",
      { kind: "file", client: "somebody", path: "../secret", outcome: "refused: Permission denied" },
    ],
    ["dnsmasq-tftp[7]: error 0 No error, file close received from 10.0.0.9", undefined],
    ["dnsmasq-tftp[7]: error 8 User aborted the transfer received from 10.0.0.9", undefined],
    [
      "dnsmasq-tftp[7]: error 3 Disk full received from 10.0.0.9",
      { kind: "warning", text: "10.0.0.9 reports: Disk full" },
    ],
    [
      "dnsmasq-dhcp[7]: 305419896 DHCPACK(eth1) 10.0.0.104 52:54:00:ab:cd:ef",
      { kind: "lease", client: "52:54:00:ab:cd:ef", address: "10.0.0.104" },
    ],
    ["dnsmasq[7]: started, version 2.90 DNS disabled", undefined],
  ])("%s", (line, heard) => {
    expect(new DnsmasqLog("/mnt/shown").hear(line)).toEqual(heard);
  });

  test("which file a client is told to load, once, whether it asked for that option or not", () => {
    const log = new DnsmasqLog();
    const say = (line: string): unknown => log.hear(`dnsmasq-dhcp[7]: ${line}`);
    say("1 DHCPDISCOVER(eth1) 52:54:00:00:00:01");
    say("1 DHCPOFFER(eth1) 10.0.0.104 52:54:00:00:00:01");
    const option = "1 sent size: 11 option: 67 bootfile-name  pxelinux.0";
    expect(say(option)).toEqual({ kind: "advice", client: "52:54:00:00:00:01", file: "pxelinux.0" });
    say("1 DHCPREQUEST(eth1) 10.0.0.104 52:54:00:00:00:01");
    expect(say(option)).toBeUndefined();
  });

  test("which file a client is told to load, though two are asked at once", () => {
    const log = new DnsmasqLog();
    const say = (line: string): unknown => log.hear(`dnsmasq-dhcp[7]: ${line}`);
    say("1 PXE(eth1) 52:54:00:00:00:01 proxy");
    say("2 PXE(eth1) 52:54:00:00:00:02 proxy");
    expect(say("2 bootfile name: pxelinux.0")).toEqual({
      kind: "advice",
      client: "52:54:00:00:00:02",
      file: "pxelinux.0",
    });
    expect(say("1 bootfile name: boot.ipxe")).toEqual({
      kind: "advice",
      client: "52:54:00:00:00:01",
      file: "boot.ipxe",
    });
  });
});

describe("an interface's address", () => {
  const all = interfacesIn(
    JSON.stringify([
      { ifname: "lo", flags: ["UP"], addr_info: [{ family: "inet", local: "127.0.0.1", prefixlen: 8 }] },
      {
        ifname: "eth1",
        flags: ["UP"],
        addr_info: [
          { family: "inet6", local: "fe80::1", prefixlen: 64 },
          { family: "inet", local: "10.0.0.1", prefixlen: 24 },
          { family: "inet", local: "10.0.1.1", prefixlen: 24 },
        ],
      },
      { ifname: "eth2", flags: [], addr_info: [] },
      { ifname: "eth3", flags: ["UP"], addr_info: [] },
    ]),
  );

  test("is its first of IPv4, or the one that is named", () => {
    expect(addressOn(all, { interface: "eth1" })).toBe("10.0.0.1");
    expect(addressOn(all, { interface: "eth1", address: "10.0.1.1" })).toBe("10.0.1.1");
  });

  test.each([
    ["eth9", "usage", "it is one of eth1, eth2, eth3"],
    ["eth2", "host-unready", "sudo ip link set eth2 up"],
    ["eth3", "host-unready", "sudo ip address add 10.0.0.1/24 dev eth3, if the network has no other server"],
  ])("of %s is refused with what to do", (name, code, remedy) => {
    expect(() => addressOn(all, { interface: name })).toThrow(expect.objectContaining({ code, remedy }));
  });

  test.each([
    ["10.0.0.100", "10.0.0.199", undefined],
    ["10.99.0.1", "10.99.0.9", "10.99.0.1 and 10.99.0.9 cannot be given on eth1, whose network is that of 10.0.0.1/24"],
    ["10.0.0.100", "10.0.1.9", "10.0.1.9 cannot be given on eth1, whose network is that of 10.0.0.1/24"],
    ["10.0.0.1", "10.0.0.30", "10.0.0.1 is eth1's own, and cannot be given to others"],
  ])("decides whether %s to %s can be given there", (from, to, fault) => {
    const asked = (): void => {
      refuseRange(all, { interface: "eth1", address: "10.0.0.1", from, to });
    };
    if (fault === undefined) expect(asked).not.toThrow();
    else expect(asked).toThrow(expect.objectContaining({ code: "usage", message: fault }));
  });

  test("that it does not have is refused with those that it has", () => {
    expect(() => addressOn(all, { interface: "eth1", address: "10.9.9.9" })).toThrow("eth1 has no address 10.9.9.9");
  });
});

test.each(["10.0.0.9,10.0.0.1", "10.0.0.1", "10.0.0.1,10.0.0.2,10.0.0.3", "a,b", "10.0.0.1,10.0.0.300", ""])(
  "%j is no range of addresses",
  (text) => {
    expect(() => addressRange(text)).toThrow("Two IPv4 addresses are wanted");
  },
);

test.each(["0", "65536", "x", "-1", "08"])("%j is no port", (text) => {
  expect(() => port(text)).toThrow("A port is a number");
});

test("a token is allowed as Bearer only, and whole", () => {
  expect(allows("0123456789abcdef", "Bearer 0123456789abcdef")).toBe(true);
  expect(allows("0123456789abcdef", "bearer 0123456789abcdef")).toBe(true);
  for (const wrong of [
    undefined,
    "",
    "Bearer",
    "Bearer 0123456789abcde",
    "Bearer 0123456789abcdef0",
    "0123456789abcdef",
  ])
    expect(allows("0123456789abcdef", wrong)).toBe(false);
});
