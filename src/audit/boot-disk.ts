import { bootDisk, hookInitrd, netbootMenus } from "../netboot/menu.ts";
import { contentOf } from "./checksums.ts";
import { judgeLoader, readFat } from "./esp.ts";
import type { Folder } from "./folder.ts";
import { readGrubMenu } from "./grub-menu.ts";
import type { ReadMenu } from "./isolinux-menu.ts";
import { error, type Finding } from "./verdict.ts";

const where = `/${bootDisk.file}`;

/** What lies on the disk that firmware boots by HTTP, by where it comes from in the folder. */
const copies = ["live/vmlinuz", "live/initrd.img", hookInitrd] as const;

/** The disk for UEFI HTTP boot: it starts what the folder has, and its menu names lists of the folder. */
export async function readBootDisk(
  { image, tree }: Folder,
  signal: AbortSignal,
): Promise<{ readonly where: string; readonly menu?: ReadMenu; readonly findings: readonly Finding[] }> {
  const node = tree.get(bootDisk.file);
  if (node?.type !== "file")
    return { where, findings: [error(where, "it is missing: no UEFI starts this folder by HTTP")] };
  const { files, findings } = await readFat(await contentOf(image, node), signal);
  if (findings.length > 0) return { where, findings: findings.map(({ what }) => error(where, what)) };
  const loaders = ["bootx64.efi", "grubx64.efi", "mmx64.efi"].map((name) => `efi/boot/${name}`);
  const menu = files.get(bootDisk.menu);
  const differing: Finding[] = [];
  for (const path of copies) {
    const own = tree.get(path);
    const same = own?.type === "file" && files.get(path)?.equals(await contentOf(image, own));
    if (same !== true) differing.push(error(where, `/${path} on it is not the folder's`));
  }
  return {
    where,
    ...(menu === undefined ? {} : { menu: readGrubMenu(menu.toString("utf8"), `/${netbootMenus.grub}`) }),
    findings: [
      ...loaders.flatMap((path) => judgeLoader({ path, machine: "x86-64", signed: true }, files.get(path), where)),
      ...differing,
      ...(menu === undefined ? [error(where, `it has no /${bootDisk.menu}`)] : []),
    ],
  };
}
