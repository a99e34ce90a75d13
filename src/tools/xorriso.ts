import type { Command, Place } from "../command.ts";

export interface HybridIso {
  readonly tree: Place;
  readonly iso: Place;
  readonly volume: string;
  /** The image of the EFI system partition, appended behind the ISO 9660 filesystem. */
  readonly esp: Place;
  /** isohdpfx.bin: boot code of the MBR, for USB sticks. */
  readonly mbr: Place;
  /** Paths on the medium. */
  readonly isolinux: string;
  readonly catalog: string;
  /** YYYYMMDDhhmmsscc in UTC: the date of every file, and what GRUB's `search --fs-uuid` and /dev/disk/by-uuid show as the medium's UUID. */
  readonly modified: string;
}

/** Partition type of an EFI system partition (UEFI specification, 5.3.3). */
const espType = "C12A7328-F81F-11D2-BA4B-00A0C93EC93B";

/**
 * Write an ISO that starts from CD and from USB, on BIOS and on UEFI (xorrisofs(1)): isolinux in El Torito and an isohybrid MBR,
 * the ESP as an appended partition that El Torito names too. `-isohybrid-gpt-basdat` stands before `-e` so that the
 * partition keeps the ESP's type. Files over 4 GiB need ISO level 3. It looks whether all is written as often as it tells how
 * far it is: once in a second, if nobody asks for more.
 */
export function hybridIso({ tree, iso, volume, esp, mbr, isolinux, catalog, modified }: HybridIso): Command {
  // prettier-ignore
  return {
    tool: "xorriso",
    args: [
      "-pacifier", "interval=0.1",
      "-as", "mkisofs",
      "-iso-level", "3",
      "-full-iso9660-filenames",
      "-joliet", "-joliet-long",
      "-rational-rock",
      "-volid", volume,
      `--modification-date=${modified}`,
      "--set_all_file_dates", modified,
      "-isohybrid-mbr", mbr,
      "-partition_offset", "16",
      "-eltorito-boot", isolinux,
      "-eltorito-catalog", catalog,
      "-no-emul-boot", "-boot-load-size", "4", "-boot-info-table",
      "-append_partition", "2", espType, esp,
      "-isohybrid-gpt-basdat",
      "-eltorito-alt-boot",
      "-e", "--interval:appended_partition_2:all::",
      "-no-emul-boot",
      "-output", iso,
      tree,
    ],
  };
}

/** xorriso tells "xorriso : UPDATE :  47.11% done" while it writes. */
export function written(line: string): number | undefined {
  const match = /UPDATE :\s+([\d.]+)% done/.exec(line);
  return match?.[1] === undefined ? undefined : Number(match[1]) / 100;
}
