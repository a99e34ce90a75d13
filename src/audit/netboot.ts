import { folderSums, offered, recordPath, type Entry, type MediumRecord } from "../medium.ts";
import { hookInitrd, initrdsOf, netbootMenus as menuFiles } from "../netboot/menu.ts";
import { readBootDisk } from "./boot-disk.ts";
import { contentOf, judgeSums, readSums, textOf, type SumList } from "./checksums.ts";
import { readModules, readStarted } from "./contents.ts";
import { judgeDependants } from "./dependants.ts";
import { judgeLoader, loaderFacts } from "./esp.ts";
import { openFolder, type Folder } from "./folder.ts";
import { readGrubMenu } from "./grub-menu.ts";
import { readIpxeMenu } from "./ipxe-menu.ts";
import { readIsolinuxMenu, type ReadMenu } from "./isolinux-menu.ts";
import { readLists } from "./lists.ts";
import { agreeing, namesOf } from "./menus.ts";
import { judgeModules, readRecord, said } from "./record.ts";
import { error, errors, warning, type Finding, type KernelFacts, type LoaderFacts, type Verdict } from "./verdict.ts";

/** Re-read a finished netboot folder: checksums, lists, records, modules, menus and every file that these name. */
export async function auditFolder(path: string, signal: AbortSignal): Promise<Verdict> {
  await using folder = await openFolder(path);
  const { image, tree } = folder;
  const { value: record, findings: unsaid } = readRecord(await textOf(image, tree, recordPath));
  const sums = await readSums(image, tree, { lists: sumLists, signal });
  const checked = await judgeSums(image, tree, { sums, lists: sumLists });
  const menus = await menusIn(folder);
  const { pxelinux, grub, ipxe } = menus;
  const isoLike = {
    ...(pxelinux === undefined ? {} : { bios: pxelinux }),
    ...(grub === undefined ? {} : { uefi: grub }),
  };
  const started = await readStarted(image, tree, isoLike);
  const modules = await readModules(image, tree);
  const disk = await readBootDisk(folder, signal);
  const fetched = [
    ...kinds.flatMap((kind) => (menus[kind] === undefined ? [] : [[`/${menuFiles[kind]}`, menus[kind]] as const])),
    ...(disk.menu === undefined ? [] : [[disk.where, disk.menu] as const]),
  ];
  const lists = await readLists(folder, sums, fetched);
  const loaders = await loadersIn(folder);
  const order = (await textOf(image, tree, "live/filesystem.module")) ?? "";
  const findings: Finding[] = [
    ...folder.findings,
    ...[checked, started, modules, lists, loaders, disk].flatMap((part) => part.findings),
    ...kinds.flatMap((kind) => judgeMenu(kind, menus[kind], (file) => tree.has(file.slice(1)))),
    ...(await judgeDependants(image, tree, isoLike)),
    ...errors("/pxelinux.0", [[!tree.has("pxelinux.0"), "it is missing: no BIOS starts this folder"]]),
    ...unsaid,
    ...(record === undefined ? [] : judgeSaid(record, menus, started.kernels)),
    ...(record === undefined ? [] : judgeModules(record.modules, order, tree).filter(({ level }) => level === "error")),
    ...errors("/.disk/info", [[!tree.has(".disk/info"), "it is missing"]]),
  ];
  const uefi = grub !== undefined && loaders.facts.length > 0;
  const signed = loaders.facts.every((each) => each.signed) && started.kernels.every((each) => each.signed);
  return {
    findings,
    facts: {
      ...said(record),
      bytes: image.size,
      boot: { bios: pxelinux !== undefined && tree.has("pxelinux.0"), uefi, secureBoot: uefi && signed },
      partitions: [],
      kernels: started.kernels,
      modules: modules.modules,
      entries: { bios: namesOf(pxelinux), uefi: namesOf(grub), ipxe: namesOf(ipxe) },
      lists: lists.facts,
      loaders: loaders.facts,
      files: [...tree.values()].filter(({ type }) => type === "file").length,
      checked: checked.checked,
      exempt: checked.exempt,
    },
  };
}

const sumLists: readonly SumList[] = [{ file: folderSums, algorithm: "sha256", length: 64 }];

const kinds = ["pxelinux", "grub", "ipxe"] as const;
type Kind = (typeof kinds)[number];

/** As far as they are there. */
type FolderMenus = Readonly<Partial<Record<Kind, ReadMenu>>>;

async function menusIn({ image, tree }: Folder): Promise<FolderMenus> {
  const [pxelinux, grub, ipxe] = await Promise.all(kinds.map((kind) => textOf(image, tree, menuFiles[kind])));
  const from = { folder: "/", loader: "pxelinux.0" };
  return {
    ...(pxelinux === undefined ? {} : { pxelinux: readIsolinuxMenu(pxelinux, `/${menuFiles.pxelinux}`, from) }),
    ...(grub === undefined ? {} : { grub: readGrubMenu(grub, `/${menuFiles.grub}`) }),
    ...(ipxe === undefined ? {} : { ipxe: readIpxeMenu(ipxe, `/${menuFiles.ipxe}`) }),
  };
}

/** Every file that a menu names must be in the folder. */
function judgeMenu(kind: Kind, menu: ReadMenu | undefined, has: (path: string) => boolean): Finding[] {
  const where = `/${menuFiles[kind]}`;
  if (menu === undefined) return [error(where, "this menu is missing")];
  const paths = menu.needs.map(({ path }) => path);
  const absent = menu.needs.filter(({ path }, at) => !has(path) && paths.indexOf(path) === at);
  return [
    ...absent.map(({ path, by }) =>
      error(where, `${path}, which ${by === where ? "it" : by} names, is not in the folder`),
    ),
    ...menu.unclear.map((what) => warning(where, `leads to what is not known here (${what})`)),
  ];
}

/** The menus offer what the folder says of itself. */
function judgeSaid(
  { menu, kernel, netboot }: MediumRecord,
  { pxelinux, grub, ipxe }: FolderMenus,
  kernels: readonly KernelFacts[],
): Finding[] {
  const [textual, all] = [withInitrds(offered(menu.entries, "bios")), withInitrds(menu.entries)];
  return [
    ...(pxelinux === undefined ? [] : agreeing(`/${menuFiles.pxelinux}`, pxelinux, textual)),
    ...(grub === undefined ? [] : agreeing(`/${menuFiles.grub}`, grub, all)),
    ...(ipxe === undefined ? [] : agreeing(`/${menuFiles.ipxe}`, ipxe, textual)),
    ...errors(`/${recordPath}`, [[netboot === undefined, `it does not say what /${hookInitrd} fetches`]]),
    ...kernels
      .filter(({ release }) => release !== kernel)
      .map(({ path, release }) => error(path, `it is the kernel ${release} instead of ${kernel}`)),
  ];
}

const withInitrds = (entries: readonly Entry[]): readonly Entry[] =>
  entries.map((entry) => {
    if (entry.do === "menu") return { ...entry, entries: withInitrds(entry.entries) };
    return entry.do === "linux" ? { ...entry, initrd: initrdsOf(entry).join(",") } : entry;
  });

/** shim, the GRUB that it starts from its own folder, and MokManager: at the top and where firmware looks on a disk. */
const loaderPaths = ["", "EFI/boot/"].flatMap((folder) =>
  ["bootx64.efi", "grubx64.efi", "mmx64.efi"].map((name) => `${folder}${name}`),
);

async function loadersIn({
  image,
  tree,
}: Folder): Promise<{ readonly facts: readonly LoaderFacts[]; readonly findings: readonly Finding[] }> {
  const facts: LoaderFacts[] = [];
  const findings: Finding[] = [];
  for (const path of loaderPaths) {
    const node = tree.get(path);
    const bytes = node?.type === "file" ? await contentOf(image, node) : undefined;
    findings.push(...judgeLoader({ path, machine: "x86-64", signed: true }, bytes, "UEFI"));
    if (bytes !== undefined) facts.push(...loaderFacts(path, bytes));
  }
  return { facts, findings };
}
