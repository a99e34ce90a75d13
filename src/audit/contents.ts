import { contentOf } from "./checksums.ts";
import type { Image } from "./image.ts";
import { judgeInitrd, readKernel, type ReadKernel } from "./kernel.ts";
import type { Menus } from "./menus.ts";
import { readSuperblock, superblockFaults, superblockLength } from "./squashfs.ts";
import type { Node, Tree } from "./tree.ts";
import { error, type Finding, type KernelFacts, type ModuleFacts } from "./verdict.ts";

/** The kernels and initrds that any entry of any menu starts. */
export async function readStarted(
  image: Image,
  tree: Tree,
  menus: Menus,
): Promise<{ readonly kernels: readonly KernelFacts[]; readonly findings: readonly Finding[] }> {
  const entries = [menus.bios, menus.uefi]
    .flatMap((menu) => menu?.offers ?? [])
    .filter(({ initrd }) => initrd !== undefined);
  const nodes = (paths: readonly (string | undefined)[]): Node[] =>
    [...new Set(paths)].flatMap((path) => tree.get(path?.slice(1) ?? "") ?? []);
  const kernels: ReadKernel[] = [];
  for (const node of nodes(entries.map(({ kernel }) => kernel)))
    kernels.push(readKernel(`/${node.path}`, await contentOf(image, node)));
  const initrds: Finding[] = [];
  for (const { path, extents } of nodes(entries.flatMap(({ initrd }) => initrd?.split(","))))
    initrds.push(
      ...judgeInitrd(`/${path}`, await image.read(extents[0]?.at ?? 0, Math.min(extents[0]?.length ?? 0, 16))),
    );
  return {
    kernels: kernels.flatMap(({ facts }) => facts ?? []),
    findings: [...kernels.flatMap(({ findings }) => findings), ...initrds],
  };
}

/** Every squashfs that live-boot could mount, judged by its superblock: its content is in the checksum lists. */
export async function readModules(
  image: Image,
  tree: Tree,
): Promise<{ readonly modules: readonly ModuleFacts[]; readonly findings: readonly Finding[] }> {
  const modules: ModuleFacts[] = [];
  const findings: Finding[] = [];
  for (const { path, size, extents } of tree.values()) {
    if (!/^live\/[^/]+\.squashfs$/.test(path)) continue;
    const head = await image.read(extents[0]?.at ?? 0, Math.min(size, superblockLength));
    const faults = superblockFaults(head, size);
    findings.push(...faults.map((fault) => error(`/${path}`, fault)));
    if (faults.length === 0)
      modules.push({ path: `/${path}`, bytes: size, compression: readSuperblock(head).compression });
  }
  return { modules, findings };
}
