export const nameserver = "dnsmasq";

/** Who gives clients their addresses: a DHCP server that the network has already, or we, out of a range. */
export type Addresses =
  { readonly kind: "elsewhere" } | { readonly kind: "range"; readonly from: string; readonly to: string };

/** What is told to clients that ask the network what to boot. */
export interface BootAdvice {
  /** The only interface that is listened on. */
  readonly interface: string;
  /** Our address on it. */
  readonly address: string;
  readonly addresses: Addresses;
  /** The folder's root by HTTP, without a slash at its end. */
  readonly url: string;
  /** Whether an iPXE is sent to its script, or treated as the PXE of any network card. */
  readonly ipxe: "script" | "as any PXE";
  /** Where leases are written down. */
  readonly leases: string;
  /** The account that it changes to once its sockets are open; absent, it stays who it is. */
  readonly account?: string | undefined;
}

/**
 * Arguments that start it in the foreground with a configuration of ours and nothing of this host's (dnsmasq(8)). Only what it
 * calls debugging keeps it from changing its account and groups, which a user namespace of one account refuses.
 */
// prettier-ignore
export const foreground = (config: string, account: string | undefined): readonly string[] => [
  account === undefined ? "--no-daemon" : "--keep-in-foreground",
  `--conf-file=${config}`,
  "--pid-file=",
];

/** Neither names nor hosts of this machine are anybody's business. */
const common = ["port=0", "no-hosts", "no-resolv", "bind-interfaces", "log-facility=-"] as const;

/** Configuration of a server that hands out one folder's files by TFTP at one address, and does nothing else. */
export const tftpConfig = (wish: {
  readonly address: string;
  readonly root: string;
  readonly account?: string | undefined;
}): string =>
  lines([...common, ...as(wish.account), `listen-address=${wish.address}`, "enable-tftp", `tftp-root=${wish.root}`]);

/**
 * Configuration of a server that says what to boot, and does nothing else. Without a range it is a proxy (PXE specification 2.1, 2.2.3): it answers
 * beside the network's own DHCP server, whose addresses stay what they are.
 */
export function adviceConfig(wish: BootAdvice): string {
  const { addresses, address, url } = wish;
  const plain = wish.ipxe === "script" ? "tag:!ipxe," : "";
  return lines([
    ...common,
    ...as(wish.account),
    `interface=${wish.interface}`,
    "except-interface=lo",
    `dhcp-leasefile=${wish.leases}`,
    "log-dhcp",
    // What clients are (RFC 4578, 2.1): 0 is BIOS, 7 and 9 are UEFI on amd64, 16 is that booting by HTTP.
    "dhcp-vendorclass=set:bios,PXEClient:Arch:00000",
    "dhcp-vendorclass=set:efi,PXEClient:Arch:00007",
    "dhcp-vendorclass=set:efi,PXEClient:Arch:00009",
    "dhcp-vendorclass=set:http,HTTPClient:Arch:00016",
    ...(wish.ipxe === "script" ? ["dhcp-userclass=set:ipxe,iPXE", `dhcp-boot=tag:ipxe,${url}/boot.ipxe`] : []),
    `dhcp-boot=tag:bios,${plain}${loaders.bios},,${address}`,
    `dhcp-boot=tag:efi,${plain}${loaders.efi},,${address}`,
    `dhcp-boot=tag:http,${plain}${url}/${loaders.http},,${address}`,
    ...(addresses.kind === "range"
      ? [
          `dhcp-range=${addresses.from},${addresses.to},1h`,
          // UEFI takes an answer for HTTP boot only from who says so (UEFI specification, 24.7.3.1).
          "dhcp-option-force=tag:http,option:vendor-class,HTTPClient",
          // Neither a way out nor names: nothing here leads anywhere else.
          "dhcp-option=option:router",
          "dhcp-option=option:dns-server",
          "dhcp-authoritative",
        ]
      : [
          `dhcp-range=${address},proxy`,
          "dhcp-pxe-vendor=PXEClient,HTTPClient",
          // UEFI asks again at port 4011, where only services are answered.
          `pxe-service=${plain}x86PC,"Livewright",${loaders.bios}`,
          `pxe-service=${plain}BC_EFI,"Livewright",${loaders.efi}`,
          `pxe-service=${plain}X86-64_EFI,"Livewright",${loaders.efi}`,
        ]),
  ]);
}

/** Configuration of a server that gives addresses and nothing else, as a network has one that we do not look after. */
export const addressesConfig = (wish: {
  readonly interface: string;
  readonly from: string;
  readonly to: string;
  /** The server that it names for whatever comes after the address. */
  readonly next?: string | undefined;
  readonly leases: string;
  readonly account?: string | undefined;
}): string =>
  lines([
    ...common,
    ...as(wish.account),
    `interface=${wish.interface}`,
    "except-interface=lo",
    `dhcp-range=${wish.from},${wish.to},1h`,
    `dhcp-leasefile=${wish.leases}`,
    "no-ping",
    ...(wish.next === undefined ? [] : [`dhcp-boot=,,${wish.next}`]),
  ]);

/** What each kind of firmware starts; paths in the folder. */
export const loaders = {
  bios: "pxelinux.0",
  efi: "EFI/boot/bootx64.efi",
  http: "boot.img",
  ipxe: "boot.ipxe",
} as const;

const as = (account: string | undefined): readonly string[] => (account === undefined ? [] : [`user=${account}`]);

const lines = (all: readonly string[]): string => all.map((line) => `${line}\n`).join("");
