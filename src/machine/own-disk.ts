import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { run } from "../system/process.ts";
import { speakingDisk } from "../tools/speaking-disk.ts";
import type { Trial } from "./boot.ts";
import { readFrom } from "./medium.ts";

const sector = 512;
/** Where the disk's one partition begins and how long it is, in sectors. */
const [start, sectors] = [2048, 32_768];

/** A disk with room for one EFI system partition and a partition table that says so (UEFI specification, 5.2.1). */
function withRoom(): Buffer {
  const disk = Buffer.alloc((start + sectors) * sector);
  disk[446 + 4] = 0xef;
  disk.writeUInt32LE(start, 446 + 8);
  disk.writeUInt32LE(sectors, 446 + 12);
  disk.writeUInt16LE(0xaa55, 510);
  return disk;
}

/** Make the disk that "boot from the local disk" should start, in a folder. Returns its path; started, it says `words`. */
export async function ownDisk(
  folder: string,
  words: string,
  { image, facts, firmware, signal }: Pick<Trial, "image" | "facts" | "firmware" | "signal">,
): Promise<string> {
  const disk = join(folder, "disk");
  if (firmware === "bios") {
    await writeFile(disk, speakingDisk(words));
    return disk;
  }
  // The medium's own signed loaders, with another menu, are a system that every firmware starts which starts the medium.
  const partition = `${disk}@@${String(start * sector)}`;
  await writeFile(disk, withRoom());
  await run({ tool: "mkfs.vfat", args: ["--offset", String(start), disk, String(sectors / 2)], signal });
  await run({
    tool: "mmd",
    args: ["-i", partition, "::/EFI", "::/EFI/boot", "::/boot", "::/boot/grub", "::/grub"],
    signal,
  });
  // The loader for the network looks for its menu elsewhere than that for media.
  const menu = Buffer.from(`echo ${words}\nsleep 600\n`);
  const files: Record<string, Uint8Array> = { "boot/grub/grub.cfg": menu, "grub/grub.cfg": menu };
  for (const name of ["bootx64.efi", "grubx64.efi"]) {
    const path = `EFI/boot/${name}`;
    const loader =
      facts.kind === "folder" ? await readFile(join(image, path)) : await readFrom(image, facts.files, `/${path}`);
    if (loader === undefined)
      throw new Failure("boot-failed", `the medium has no /EFI/boot/${name} to make a disk with`);
    files[`EFI/boot/${name}`] = loader;
  }
  for (const [path, content] of Object.entries(files)) {
    const copy = join(folder, path.replaceAll("/", "-"));
    await writeFile(copy, content);
    await run({ tool: "mcopy", args: ["-i", partition, copy, `::/${path}`], signal });
  }
  return disk;
}
