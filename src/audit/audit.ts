import { recordPath } from "../medium.ts";
import { judgeSums, readSums, textOf, type KnownContents, type Wanted } from "./checksums.ts";
import { readModules, readStarted } from "./contents.ts";
import { judgeDependants } from "./dependants.ts";
import { judgeBios, platforms, readCatalog, type BootEntry } from "./el-torito.ts";
import { readEsp, type ReadEsp } from "./esp.ts";
import { readGpt } from "./gpt.ts";
import { openImage, type Image } from "./image.ts";
import { compareListing } from "./listing.ts";
import { judgeMbr, readMbr } from "./mbr.ts";
import { espMenu, judgeAgreement, judgeMenus, menuFiles, namesOf, readMenus, type Menus } from "./menus.ts";
import { blockSize, type Partition } from "./partitions.ts";
import { auditFolder } from "./netboot.ts";
import { isFolder } from "./folder.ts";
import { judgeRecord, readRecord, said } from "./record.ts";
import { together } from "../system/together.ts";
import { readTree, type Tree } from "./tree.ts";
import type { Facts, Finding, KernelFacts, PartitionFacts, Verdict } from "./verdict.ts";
import { readVolume, type Volume } from "./volume.ts";

export type { Finding, Verdict } from "./verdict.ts";

/**
 * Re-read a finished ISO with our own eyes and judge whether it hangs together: file system, boot records, partitions,
 * ESP, checksums, menus and every file that they name. Nothing is mounted, and nothing is changed. A folder is judged as one
 * that computers boot from by network. Of `known` contents md5 need not be computed.
 */
export async function audit(iso: string, signal: AbortSignal, known?: KnownContents): Promise<Verdict> {
  if (await isFolder(iso)) return auditFolder(iso, signal);
  await using image = await openImage(iso);
  const { value: volume, findings } = await readVolume(image);
  if (volume === undefined) return { findings, facts: { ...nothing, bytes: image.size } };
  const inside = await auditVolume(image, volume, { known, signal });
  return { findings: [...findings, ...inside.findings], facts: inside.facts };
}

async function auditVolume(
  image: Image,
  volume: Volume,
  { known, signal }: Pick<Wanted, "known" | "signal">,
): Promise<Verdict> {
  const { value: tree, findings: damage } = await readTree(image, volume.root);
  // To read every file takes as long as all the rest.
  const [sums, parts] = await together([
    readSums(image, tree, { known, signal }),
    readParts(image, volume, { tree, signal }),
  ]);
  const { disk, esp, record, menus, started, modules } = parts;
  const checked = await judgeSums(image, tree, { sums, patched: record?.patched ?? [] });
  const texts = {
    info: (await textOf(image, tree, ".disk/info")) ?? "",
    order: (await textOf(image, tree, "live/filesystem.module")) ?? "",
  };
  const findings: Finding[] = [
    ...damage,
    ...parts.listing,
    ...[disk, esp, started, modules, checked].flatMap((part) => part.findings),
    ...judgeMenus(menus, (path) => tree.has(path.slice(1))),
    ...(await judgeDependants(image, tree, menus)),
    ...parts.unsaid,
    ...(record === undefined ? [] : judgeRecord(record, { volume, tree, kernels: started.kernels, texts })),
    ...(record === undefined ? [] : judgeAgreement(menus, record)),
  ];
  const facts: Facts = {
    ...said(record),
    bytes: image.size,
    volume: volume.id,
    boot: bootFacts(disk, esp, started.kernels),
    partitions: disk.partitions.map(partitionFacts),
    kernels: started.kernels,
    modules: modules.modules,
    entries: { bios: namesOf(menus.bios), uefi: namesOf(menus.uefi) },
    loaders: esp.loaders,
    files: sums.size,
    checked: checked.checked,
    exempt: checked.exempt,
  };
  return { findings, facts };
}

async function readParts(
  image: Image,
  volume: Volume,
  { tree, signal }: { readonly tree: Tree; readonly signal: AbortSignal },
) {
  const listing = compareListing(image, volume, tree, signal);
  const read = async () => {
    const disk = await readDisk(image, volume, tree);
    const esp = await readEsp(image, disk, signal);
    const { value: record, findings: unsaid } = readRecord(await textOf(image, tree, recordPath));
    const menus = await menusOf(image, tree, esp);
    const started = await readStarted(image, tree, menus);
    return { disk, esp, record, unsaid, menus, started, modules: await readModules(image, tree) };
  };
  const [findings, parts] = await together([listing, read()]);
  return { ...parts, listing: findings };
}

const nothing: Omit<Facts, "bytes"> = {
  boot: { bios: false, uefi: false, secureBoot: false },
  partitions: [],
  kernels: [],
  modules: [],
  entries: { bios: [], uefi: [] },
  loaders: [],
  files: 0,
  checked: 0,
  exempt: 0,
};

/** What firmware sees: the boot catalog on a CD, the partitions on a stick. */
export async function readDisk(image: Image, volume: Volume, tree: Tree): Promise<Disk> {
  const head = await image.read(0, blockSize);
  const catalog = await readCatalog(image, volume);
  const gpt = await readGpt(image);
  const findings = [
    ...catalog.findings,
    ...(await judgeBios(image, catalog.value, tree)),
    ...judgeMbr(head, image.size, catalog.value),
    ...gpt.findings,
  ];
  return { boot: catalog.value, partitions: [...readMbr(head), ...gpt.value], findings };
}

export interface Disk {
  readonly boot: readonly BootEntry[];
  readonly partitions: readonly Partition[];
  readonly findings: readonly Finding[];
}

async function menusOf(image: Image, tree: Tree, { files }: ReadEsp): Promise<Menus> {
  return readMenus({
    bios: await textOf(image, tree, menuFiles.bios),
    uefi: await textOf(image, tree, menuFiles.uefi),
    loopback: await textOf(image, tree, menuFiles.loopback),
    esp: files.get(espMenu)?.toString("utf8"),
  });
}

function bootFacts({ boot }: Disk, { loaders }: ReadEsp, kernels: readonly KernelFacts[]): Facts["boot"] {
  const starts = (platform: number): boolean => boot.some((entry) => entry.platform === platform && entry.bootable);
  const signed = loaders.filter(({ machine }) => machine === "x86-64").every((loader) => loader.signed);
  const uefi = starts(platforms.uefi) && loaders.length > 0;
  const secureBoot = uefi && signed && kernels.length > 0 && kernels.every((kernel) => kernel.signed);
  return { bios: starts(platforms.bios), uefi, secureBoot };
}

const partitionFacts = ({ table, number, type, start, sectors }: Partition): PartitionFacts => ({
  table,
  number,
  type,
  start: start * blockSize,
  bytes: sectors * blockSize,
});
