import type { Firmware } from "../medium.ts";

export type Accelerator = "kvm" | "tcg";

/** How the network is booted from: by the firmware's PXE, by QEMU's iPXE and its script, or by UEFI's own HTTP. */
export type NetworkBoot = "pxe" | "ipxe" | "http";

/** How the image is attached: as a CD, as a USB stick, or as the machine's own hard disk; or not at all, where it comes from a network. */
export type Attachment = "cd" | "usb" | "disk" | NetworkBoot;

export const fromNetwork = (attachment: Attachment): attachment is NetworkBoot =>
  attachment === "pxe" || attachment === "ipxe" || attachment === "http";

/** A computer to boot an image in. The image itself is never written to. */
export interface Guest {
  readonly image: string;
  readonly firmware: Firmware;
  readonly attachment: Attachment;
  readonly accelerator: Accelerator;
  /** MiB. */
  readonly memory: number;
  /** A sound card that plays to nobody, for the speaking installer. */
  readonly sound?: boolean;
  /** A second disk, not started from: what "boot from the local disk" finds. */
  readonly disk?: string;
  /** The tap device that its network card is connected to; absent, its network ends at the emulator. */
  readonly tap?: string | undefined;
}

/** The ways to watch and drive a guest: QMP on standard input and output, serial lines on sockets that we listen on. */
export interface Ears {
  /** First serial line: the console, for entries that have one there. */
  readonly console: string;
  /** Second serial line: where the guest answers once somebody has logged in. */
  readonly talk: string;
}

export const emulator = "qemu-system-x86_64";

/** Boot a raw disk image in the plainest machine there is, letting QEMU choose what runs it. */
export const plainLine = (image: string): readonly string[] => plain("kvm:tcg", image);

/** Arguments that make the computer, without a display. A person may paste them and add a display of their own. */
// prettier-ignore
export function computer(guest: Guest): readonly string[] {
  const { attachment, accelerator, memory } = guest;
  if (attachment === "disk") return [...plain(accelerator, guest.image), "-snapshot", "-cpu", processor(accelerator)];
  return [
    "-nodefaults",
    "-no-user-config",
    "-machine", guest.firmware === "secure-boot" ? "q35,smm=on" : "q35",
    "-accel", accelerator === "tcg" ? `tcg,thread=multi,tb-size=${String(translations)}` : "kvm",
    "-cpu", processor(accelerator),
    "-smp", "2",
    "-m", String(memory),
    "-vga", "std",
    ...firmware(guest.firmware),
    ...medium(guest),
    ...disk(guest.disk),
    ...network(guest),
    "-device", "virtio-rng-pci",
    ...sound(guest.sound === true),
  ];
}

/** Arguments that let us watch and drive it. */
// prettier-ignore
export const ears = ({ console, talk }: Ears): readonly string[] => [
  "-display", "none",
  "-chardev", "stdio,id=qmp,signal=off",
  "-mon", "chardev=qmp,mode=control",
  "-chardev", `socket,id=console,path=${escaped(console)}`,
  "-serial", "chardev:console",
  "-chardev", `socket,id=talk,path=${escaped(talk)}`,
  "-serial", "chardev:talk",
];

// prettier-ignore
const plain = (accelerators: string, image: string): readonly string[] => [
  "-machine", `accel=${accelerators}`,
  "-m", "4096",
  "-smp", "2",
  "-drive", `file=${escaped(image)},format=raw`,
];

/**
 * MiB that TCG keeps translated code in. With the default of 1 GiB the guest stalls for some 20 s when systemd reuses the
 * initramfs' memory: each translation in it is thrown away by itself. A small store is emptied at once, again and again.
 */
const translations = 128;

/** TCG emulates `rep stosb` a byte at a time, and the kernel clears pages with it where the processor says it is fast. */
const processor = (accelerator: Accelerator): string => (accelerator === "kvm" ? "host" : "max,erms=off,fsrm=off");

const ovmf = "/usr/share/OVMF";

// prettier-ignore
function firmware(kind: Firmware): readonly string[] {
  if (kind === "bios") return [];
  const keys = kind === "secure-boot" ? ".ms" : "";
  return [
    ...(kind === "secure-boot" ? ["-global", "driver=cfi.pflash01,property=secure,value=on"] : []),
    "-drive", `if=pflash,unit=0,format=raw,readonly=on,file=${ovmf}/OVMF_CODE_4M${keys}.fd`,
    // The variables are written to a copy that QEMU throws away.
    "-drive", `if=pflash,unit=1,format=raw,snapshot=on,file=${ovmf}/OVMF_VARS_4M${keys}.fd`,
  ];
}

/**
 * Without a ROM on its card a UEFI guest uses its firmware's own network. SeaBIOS has none: there the card's ROM, an iPXE, is its PXE.
 * OVMF tries HTTP only after all of PXE, unless it is told that it has no PXE (edk2, OvmfPkg/PlatformPei, opt/org.tianocore).
 */
// prettier-ignore
function network({ attachment, firmware, tap }: Guest): readonly string[] {
  if (!fromNetwork(attachment))
    return ["-netdev", "user,id=net,restrict=on", "-device", "virtio-net-pci,netdev=net,romfile="];
  const rom = attachment === "ipxe" || firmware === "bios" ? "" : ",romfile=";
  const only = attachment === "http" ? ["4", "6"] : attachment === "pxe" ? ["6"] : [];
  return [
    "-netdev", `tap,id=net,ifname=${tap ?? "TAP"},script=no,downscript=no`,
    "-device", `virtio-net-pci,netdev=net,bootindex=0${rom}`,
    ...(firmware === "bios" ? [] : only.flatMap((version) =>
      ["-fw_cfg", `name=opt/org.tianocore/IPv${version}PXESupport,string=no`])),
  ];
}

/** `file.filename` takes the path literally, where `file` would take "name:" at its start for a protocol. */
// prettier-ignore
const medium = ({ image, attachment }: Guest): readonly string[] =>
  fromNetwork(attachment) ? [] : attachment === "cd"
    ? [
        "-drive", `if=none,id=medium,format=raw,readonly=on,file.driver=file,file.filename=${escaped(image)}`,
        "-device", "ide-cd,bus=ide.0,drive=medium,bootindex=0",
      ]
    : [
        "-drive", `if=none,id=medium,format=raw,snapshot=on,file.driver=file,file.filename=${escaped(image)}`,
        "-device", "qemu-xhci,id=usb",
        "-device", "usb-storage,bus=usb.0,drive=medium,removable=on,bootindex=0",
      ];

// prettier-ignore
const disk = (path: string | undefined): readonly string[] =>
  path === undefined ? [] : [
    "-drive", `if=none,id=disk,format=raw,snapshot=on,file.driver=file,file.filename=${escaped(path)}`,
    "-device", "ide-hd,bus=ide.1,drive=disk,bootindex=1",
  ];

// prettier-ignore
const sound = (wanted: boolean): readonly string[] =>
  wanted ? ["-audiodev", "none,id=nobody", "-device", "intel-hda", "-device", "hda-output,audiodev=nobody"] : [];

/** QEMU's option parser ends a value at a comma; two stand for one. */
const escaped = (path: string): string => path.replaceAll(",", ",,");
