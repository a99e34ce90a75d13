/** What a host must have, for what, and why. One table; doctor, the check before a build and the docs read it. */

export type Purpose = "build" | "test" | "serve" | "develop";

interface Said {
  /** The Debian package that brings it. */
  readonly package: string;
  /** Completes "it …". */
  readonly why: string;
  readonly for: readonly Purpose[];
  /** Its absence is told, and is no obstacle. */
  readonly optional?: boolean;
}

export interface ToolNeed extends Said {
  readonly tool: string;
  /** The first version that can do what is asked of it, and how to ask which one this is. */
  readonly minimum?: { readonly version: string; readonly ask: readonly string[] };
}

export interface FileNeed extends Said {
  readonly file: string;
}

const atLeast = (version: string, ...ask: readonly string[]): Pick<ToolNeed, "minimum"> => ({
  minimum: { version, ask: ask.length === 0 ? ["--version"] : ask },
});

const build = ["build", "develop"] as const;
const test = ["test", "develop"] as const;
const both = ["build", "test", "develop"] as const;
const everything = ["build", "test", "serve", "develop"] as const;
const serve = ["serve", "test", "develop"] as const;
const develop = ["develop"] as const;

// prettier-ignore
export const toolNeeds: readonly ToolNeed[] = [
  { tool: "mmdebstrap", package: "mmdebstrap", why: "bootstraps the root filesystem", for: build, ...atLeast("1.2.0") },
  { tool: "apt-get", package: "apt", why: "fetches and checks packages", for: build, ...atLeast("2.2") },
  { tool: "dpkg-deb", package: "dpkg", why: "unpacks boot loaders and writes metapackages", for: build, ...atLeast("1.19.1") },
  { tool: "gpgv", package: "gpgv", why: "checks the archive's signature", for: build, ...atLeast("2.2") },
  // 4.5 is the first to read a tar (https://github.com/plougher/squashfs-tools, CHANGES).
  { tool: "mksquashfs", package: "squashfs-tools", why: "compresses the root filesystem", for: build, ...atLeast("4.5", "-version") },
  { tool: "sqfs2tar", package: "squashfs-tools-ng", why: "reads it back for the comparison", for: build, ...atLeast("1.0") },
  { tool: "xorriso", package: "xorriso", why: "writes and reads ISOs", for: both, ...atLeast("1.5.2", "-version") },
  { tool: "mcopy", package: "mtools", why: "fills and reads the EFI system partition", for: build },
  { tool: "mkfs.vfat", package: "dosfstools", why: "makes the EFI system partition", for: build },
  { tool: "fsck.vfat", package: "dosfstools", why: "checks the EFI system partition", for: build },
  { tool: "mke2fs", package: "e2fsprogs", why: "makes the raw disk image's filesystem", for: build, ...atLeast("1.45", "-V") },
  { tool: "fincore", package: "util-linux-extra", why: "tells whether a tree is in memory, so that it is read ahead", for: build, optional: true },
  { tool: "debugfs", package: "e2fsprogs", why: "reads the raw disk image", for: build },
  { tool: "sfdisk", package: "fdisk", why: "writes partition tables into files", for: build, ...atLeast("2.35") },
  { tool: "cpio", package: "cpio", why: "carries the preseed file into the installer's initrd", for: build },
  { tool: "zstd", package: "zstd", why: "packs and unpacks initrds", for: build },
  { tool: "tar", package: "tar", why: "seals layers in a canonical form", for: build, ...atLeast("1.30") },
  // --map-auto came with 2.38.
  { tool: "unshare", package: "util-linux", why: "gives steps namespaces of their own", for: everything, ...atLeast("2.38") },
  { tool: "setpriv", package: "util-linux", why: "ends every tool when the program ends", for: everything, ...atLeast("2.33") },
  { tool: "perl", package: "perl-base", why: "lays out what a step sees inside those namespaces", for: everything },
  { tool: "mount", package: "mount", why: "mounts what hooks need inside those namespaces", for: everything, ...atLeast("2.36") },
  // Since 2.82 its proxy answers others than PXE clients, too (https://thekelleys.org.uk/dnsmasq/CHANGELOG, dhcp-pxe-vendor).
  { tool: "dnsmasq", package: "dnsmasq-base", why: "serves TFTP and tells computers what to boot", for: serve, ...atLeast("2.82") },
  { tool: "ip", package: "iproute2", why: "names the network's addresses and makes networks for boot tests", for: serve },
  { tool: "git", package: "git", why: "names the commit of the hooks that ran", for: build, optional: true },
  { tool: "qemu-system-x86_64", package: "qemu-system-x86", why: "boots images", for: test, ...atLeast("6.0") },
  { tool: "shellcheck", package: "shellcheck", why: "judges the shell scripts", for: develop },
  { tool: "grub-script-check", package: "grub-common", why: "judges the GRUB menus", for: develop },
  { tool: "ps", package: "procps", why: "shows whether anything was left running", for: develop },
  { tool: "flock", package: "util-linux", why: "keeps two runs from one cache", for: build },
  { tool: "gpg", package: "gnupg", why: "signs the archives that tests make", for: develop },
  { tool: "newuidmap", package: "uidmap", why: "lets tests build without root", for: develop },
  { tool: "getfattr", package: "attr", why: "lets tests save a running system, with its attributes", for: develop },
  { tool: "setcap", package: "libcap2-bin", why: "gives files of tests capabilities", for: develop },
  { tool: "useradd", package: "passwd", why: "makes the ordinary users of tests", for: develop },
  { tool: "sgdisk", package: "gdisk", why: "judges partition tables", for: develop },
  { tool: "ip", package: "iproute2", why: "wires the machines of tests", for: develop },
  { tool: "dnsmasq", package: "dnsmasq-base", why: "gives the guests of tests addresses, names and files", for: develop },
  { tool: "busybox", package: "busybox", why: "is what an initramfs's programs are", for: develop },
  { tool: "curl", package: "curl", why: "uploads the modules that tests save", for: develop },
];

export const fileNeeds: readonly FileNeed[] = [
  {
    file: "/usr/share/keyrings/debian-archive-keyring.gpg",
    package: "debian-archive-keyring",
    why: "holds the keys that Debian's archive is signed with",
    for: build,
  },
  {
    file: "/usr/share/OVMF/OVMF_CODE_4M.ms.fd",
    package: "ovmf",
    why: "is the UEFI firmware with Secure Boot",
    for: test,
  },
  {
    file: "/usr/share/OVMF/OVMF_VARS_4M.ms.fd",
    package: "ovmf",
    why: "holds the keys that Secure Boot trusts",
    for: test,
  },
  {
    file: "/usr/lib/ISOLINUX/isolinux.bin",
    package: "isolinux",
    why: "starts the small media that tests spoil",
    for: develop,
  },
  {
    file: "/usr/lib/syslinux/modules/bios/ldlinux.c32",
    package: "syslinux-common",
    why: "holds the modules that isolinux loads there",
    for: develop,
  },
  {
    file: "/usr/lib/grub/i386-pc/boot.img",
    package: "grub-pc-bin",
    why: "starts an ISO that lies as a file on another disk",
    for: develop,
  },
  {
    file: "/usr/lib/klibc/bin/ipconfig",
    package: "klibc-utils",
    why: "asks for addresses in an initramfs",
    for: develop,
  },
  {
    file: "/usr/share/initramfs-tools/scripts/functions",
    package: "initramfs-tools-core",
    why: "is what an initramfs's scripts call",
    for: develop,
  },
  {
    file: "/usr/lib/ipxe/qemu/pxe-virtio.rom",
    package: "ipxe-qemu",
    why: "boots from the network by BIOS",
    for: test,
  },
  { file: "/usr/share/seabios/bios-256k.bin", package: "seabios", why: "is the BIOS firmware", for: test },
];

/** Bytes without which there is no point in starting; a build's own forecast is exact. */
export const leastSpace = 2e9;
export const leastMemory: Readonly<Record<Purpose, number>> = { build: 1e9, test: 2.5e9, serve: 0, develop: 3e9 };

/** Compare dotted numbers; a missing part is 0. */
export function isOlder(version: string, than: string): boolean {
  const [one, other] = [version, than].map((text) => text.split(".").map(Number));
  for (let at = 0; at < Math.max(one?.length ?? 0, other?.length ?? 0); at++) {
    const difference = (one?.[at] ?? 0) - (other?.[at] ?? 0);
    if (difference !== 0) return difference < 0;
  }
  return false;
}
