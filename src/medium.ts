/** The boot menus as one list. Both `isolinux/` and `grub-efi/` are rendered from it, so they always agree. */
export interface Menu {
  readonly title: string;
  /** Seconds until the first entry starts; 0 waits for ever. */
  readonly timeout: number;
  /** "ttyS0,115200" makes the menus speak on that line too. */
  readonly serial?: string;
  readonly entries: readonly Entry[];
}

export type Entry =
  | LinuxEntry
  | { readonly do: "menu"; readonly name: string; readonly title: string; readonly entries: readonly Entry[] }
  /** Memory test: one program for BIOS, one for UEFI; an absent one is left out of that menu. */
  | {
      readonly do: "memtest";
      readonly name: string;
      readonly title: string;
      readonly bios?: string;
      readonly efi?: string;
    }
  | { readonly do: "firmware-settings"; readonly name: string; readonly title: string }
  | { readonly do: "local-disk"; readonly name: string; readonly title: string };

export interface LinuxEntry {
  readonly do: "linux";
  /** A stable slug, unique in the menu: `livewright test --entry NAME`. */
  readonly name: string;
  readonly title: string;
  readonly kind: "live" | "installer";
  /** Absolute paths on the medium. */
  readonly kernel: string;
  readonly initrd: string;
  readonly arguments: readonly string[];
  /** One line shown while the entry is selected. */
  readonly help?: string;
}

/** How a computer starts the medium; it decides which menu is shown and what of it. */
export type Firmware = "bios" | "uefi" | "secure-boot";

/**
 * The entries a person sees under that firmware, in their order. Templates, the boot test and `inspect` all ask here, so
 * that the number of "down" keys to an entry is the same for all of them.
 */
export function offered(entries: readonly Entry[], firmware: Firmware): readonly Entry[] {
  return entries.flatMap((entry): readonly Entry[] => {
    if (entry.do === "firmware-settings") return firmware === "bios" ? [] : [entry];
    if (entry.do === "memtest") return tester(entry, firmware) === undefined ? [] : [entry];
    if (entry.do !== "menu") return [entry];
    const inner = offered(entry.entries, firmware);
    return inner.length === 0 ? [] : [{ ...entry, entries: inner }];
  });
}

/** No memory test of Debian is signed, so a computer that enforces Secure Boot would refuse it. */
const tester = (entry: { readonly bios?: string; readonly efi?: string }, firmware: Firmware): string | undefined =>
  ({ bios: entry.bios, uefi: entry.efi, "secure-boot": undefined })[firmware];

/** What a medium says of itself, as `.disk/livewright.json`: read by the boot test and by `inspect`. */
export interface MediumRecord {
  readonly format: 1;
  readonly name: string;
  readonly version: string;
  readonly suite: string;
  readonly architecture: string;
  /** The recipe that made it; `shipped` recipes can be found again by name. */
  readonly recipe: { readonly name: string; readonly shipped: boolean };
  readonly volume: string;
  /** Absolute path of a file whose name is unique to this build: GRUB finds its medium by it. */
  readonly marker: string;
  /** Kernel release, such as "6.1.0-41-amd64". */
  readonly kernel: string;
  readonly menu: Menu;
  /** Squashfs modules in `live/`, lowest first, as in filesystem.module. */
  readonly modules: readonly string[];
  readonly user: { readonly name: string; readonly sudo: boolean };
  readonly rootLocked: boolean;
  /** The recipe's `checks:`. */
  readonly checks: readonly string[];
  /** Files that the ISO writer patches, so that no checksum list names them. */
  readonly patched: readonly string[];
  /** Only in a folder for booting from the network. */
  readonly netboot?: NetbootRecord;
}

/** What the folder's own menus fetch. */
export interface NetbootRecord {
  /** Path of the list of modules in the folder, and its sha256, as the kernel arguments of each entry name them. */
  readonly list: string;
  readonly sha256: string;
  /** Bytes of memory that must be available for it. */
  readonly memory: number;
}

/** The checksums of a netboot folder, in the folder. */
export const folderSums = "SHA256SUMS";

/** Where the record lies on the medium. */
export const recordPath = ".disk/livewright.json";
