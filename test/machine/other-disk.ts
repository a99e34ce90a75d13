import { copyFile, open, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { ImageFacts } from "../../src/machine/medium.ts";
import { readFrom } from "../../src/machine/medium.ts";
import { run } from "../../src/system/process.ts";

const { signal } = new AbortController();
const megabyte = 2 ** 20;

/** What a person's grub.cfg says to start an ISO that lies on the same filesystem (GRUB manual, "Loopback booting"). */
const menu = (by: "bios" | "uefi"): string =>
  [
    ...(by === "uefi" ? ["rmmod tpm"] : []), // docs/themes.md says why.
    "set iso_path=/live.iso",
    "export iso_path",
    "loopback loop $iso_path",
    "set root=loop",
    "configfile /boot/grub/loopback.cfg",
    "",
  ].join("\n");

/** A disk of FAT with an ISO as a file on it, and a GRUB for one firmware that knows nothing but where that file is. */
export async function otherDisk(folder: string, iso: string, facts: ImageFacts, by: "bios" | "uefi"): Promise<string> {
  const disk = join(folder, "disk");
  const fat = join(folder, "fat");
  const size = Math.ceil((await stat(iso)).size / megabyte) + 64;
  await run({ tool: "mkfs.vfat", args: ["-F", "32", "-C", fat, String(size * 1024)], signal });
  await run({ tool: "mmd", args: ["-i", fat, "::/EFI", "::/EFI/boot", "::/boot", "::/boot/grub"], signal });
  await writeFile(join(folder, "grub.cfg"), menu(by));
  await run({ tool: "mcopy", args: ["-i", fat, join(folder, "grub.cfg"), "::/boot/grub/grub.cfg"], signal });
  await run({ tool: "mcopy", args: ["-i", fat, iso, "::/live.iso"], signal });
  return await (by === "uefi" ? withLoaders(fat, folder, iso, facts) : withBootSector(fat, disk, folder));
}

/** The medium's own signed loaders; firmware starts them from a FAT filesystem without a partition table too. */
async function withLoaders(fat: string, folder: string, iso: string, facts: ImageFacts): Promise<string> {
  for (const name of ["bootx64.efi", "grubx64.efi"]) {
    const loader = await readFrom(iso, facts.files, `/EFI/boot/${name}`);
    if (loader === undefined) throw new Error(`the medium has no ${name}`);
    await writeFile(join(folder, name), loader);
    await run({ tool: "mcopy", args: ["-i", fat, join(folder, name), `::/EFI/boot/${name}`], signal });
  }
  return fat;
}

const grub = "/usr/lib/grub/i386-pc";

/** GRUB for BIOS as grub-install lays it out: boot.img in the first sector, its core behind it, a partition after that. */
async function withBootSector(fat: string, disk: string, folder: string): Promise<string> {
  const core = join(folder, "core.img");
  const prefix = "(hd0,msdos1)/boot/grub";
  const modules = ["biosdisk", "part_msdos", "fat", "normal", "configfile", "loopback", "iso9660"];
  await run({ tool: "grub-mkimage", args: ["-O", "i386-pc", "-p", prefix, "-o", core, ...modules], signal });
  await run({ tool: "mcopy", args: ["-s", "-i", fat, grub, "::/boot/grub/"], signal });
  await copyFile(`${grub}/boot.img`, disk);
  const size = (await stat(fat)).size;
  await using file = await open(disk, "r+");
  await file.truncate(megabyte + size);
  await file.write(await readFile(core), 0, undefined, 512);
  await run({ tool: "dd", args: [`if=${fat}`, `of=${disk}`, "bs=1M", "seek=1", "conv=notrunc,sparse"], signal });
  const table = join(folder, "table");
  await writeFile(table, `label: dos\nstart=${String(megabyte / 512)}, size=${String(size / 512)}, type=c, bootable\n`);
  await run({ tool: "sfdisk", args: ["--no-tell-kernel", disk], inputFile: table, signal });
  return disk;
}
