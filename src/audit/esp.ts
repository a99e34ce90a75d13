import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { capture } from "../system/process.ts";
import { scratch } from "../system/scratch.ts";
import { checkFat, copyOut } from "../tools/mtools.ts";
import { platforms, startable, type BootEntry } from "./el-torito.ts";
import { espGuid } from "./gpt.ts";
import { pieces, type Image } from "./image.ts";
import { blockSize, protective, type Partition } from "./partitions.ts";
import { readProgram, type Program } from "./pe.ts";
import { error, warning, type Finding, type LoaderFacts } from "./verdict.ts";

const where = "ESP";

/** What is in the EFI system partition, by path in lower case: FAT knows no other. */
export type EspFiles = ReadonlyMap<string, Buffer>;

export interface ReadEsp {
  readonly files: EspFiles;
  readonly loaders: readonly LoaderFacts[];
  /** Where it lies in the image, in bytes. */
  readonly range?: { readonly at: number; readonly length: number };
  readonly findings: readonly Finding[];
}

/** Some firmware does not take larger boot images from a CD. */
const large = 32 * 2 ** 20;

/** Find the ESP by its partition, compare with what El Torito tells UEFI firmware, check its FAT, and read what is in it. */
export async function readEsp(
  image: Image,
  { boot, partitions }: { readonly boot: readonly BootEntry[]; readonly partitions: readonly Partition[] },
  signal: AbortSignal,
): Promise<ReadEsp> {
  const entry = boot.find(({ platform }) => platform === platforms.uefi);
  const esps = partitions.filter(({ type }) => type === espGuid || type === "0xef");
  const [esp] = esps;
  const findings = [
    ...(entry === undefined ? [error("El Torito", "there is no entry for UEFI")] : startable(entry, "UEFI")),
    ...missing(esps, partitions),
    ...elsewhere(entry, esps),
  ];
  const at = esp === undefined ? entry?.at : esp.start * blockSize;
  const length = esp === undefined ? (entry?.sectors ?? 0) * blockSize : esp.sectors * blockSize;
  if (at === undefined || length === 0) return { files: new Map(), loaders: [], findings };
  const read = await readFat(pieces(image, at, length, signal), signal);
  const loaders = [...read.files].flatMap(([path, bytes]) => loaderFacts(path, bytes));
  const size =
    length > large
      ? [warning(where, `it has ${String(length)} bytes; some firmware starts none over 32 MiB from a CD`)]
      : [];
  const judged = read.findings.length > 0 ? [] : judgeLoaders(read.files);
  return {
    files: read.files,
    loaders,
    range: { at, length },
    findings: [...findings, ...size, ...read.findings, ...judged],
  };
}

/** An MBR that only protects a GPT has no ESP of its own. */
const missing = (esps: readonly Partition[], partitions: readonly Partition[]): Finding[] =>
  (["MBR", "GPT"] as const)
    .filter((table) => esps.every((each) => each.table !== table))
    .filter((table) => table !== "MBR" || partitions.every(({ type }) => type !== protective))
    .map((table) => error(table, "it has no EFI system partition: UEFI firmware does not start it from a stick"));

function elsewhere(entry: BootEntry | undefined, esps: readonly Partition[]): Finding[] {
  const [first] = esps;
  if (first === undefined) return [];
  const one = esps.every(({ start, sectors }) => start === first.start && sectors === first.sectors);
  return [
    ...(one ? [] : [error(where, "the two partition tables tell different places for it")]),
    ...(entry === undefined || entry.at === first.start * blockSize
      ? []
      : [error("El Torito", "the UEFI entry does not point to the EFI system partition")]),
  ];
}

/** Check a FAT image and read what is in it. */
export async function readFat(
  bytes: Buffer | AsyncIterable<Buffer>,
  signal: AbortSignal,
): Promise<Pick<ReadEsp, "files" | "findings">> {
  await using folder = await scratch();
  const [fat, out] = [join(folder.path, "esp.img"), join(folder.path, "out")];
  await mkdir(out);
  await writeFile(fat, bytes);
  const findings = [await attempt(checkFat(fat), "its file system is damaged", signal)];
  findings.push(await attempt(copyOut(fat, out), "its files cannot be read", signal));
  const files = new Map<string, Buffer>();
  for (const each of await readdir(out, { recursive: true, withFileTypes: true })) {
    if (!each.isFile()) continue;
    const path = join(each.parentPath, each.name);
    files.set(path.slice(out.length + 1).toLowerCase(), await readFile(path));
  }
  return { files, findings: findings.flatMap((each) => each ?? []) };
}

async function attempt(
  command: { readonly tool: string; readonly args: readonly string[] },
  what: string,
  signal: AbortSignal,
): Promise<Finding | undefined> {
  try {
    await capture({ ...command, signal });
    return undefined;
  } catch (problem) {
    if (!(problem instanceof Failure) || problem.code !== "step-failed") throw problem;
    const [, ...said] = problem.message.split("\n");
    return error(where, [what, ...said.slice(0, 3)].join("; "));
  }
}

/** What a program for firmware says of itself. */
export function loaderFacts(path: string, bytes: Buffer): LoaderFacts[] {
  if (!path.endsWith(".efi")) return [];
  const program = readProgram(bytes);
  return program === undefined ? [] : [{ path, machine: program.machine, signed: program.signature === "fits" }];
}

/** The boot loaders of a Debian medium: shim, the GRUB that it starts, MokManager; for 32-bit firmware a GRUB nobody signs. */
const loaders = [
  { path: "efi/boot/bootx64.efi", machine: "x86-64", signed: true },
  { path: "efi/boot/grubx64.efi", machine: "x86-64", signed: true },
  { path: "efi/boot/mmx64.efi", machine: "x86-64", signed: true },
  { path: "efi/boot/bootia32.efi", machine: "i386", signed: false },
] as const;

const judgeLoaders = (files: EspFiles): Finding[] =>
  loaders.flatMap((each) => judgeLoader(each, files.get(each.path), where));

/** A program for firmware, and what it must be. */
export interface Loader {
  readonly path: string;
  readonly machine: Program["machine"];
  readonly signed: boolean;
}

/** Judge a loader by its bytes; `where` is what holds it. */
export function judgeLoader({ path, machine, signed }: Loader, bytes: Buffer | undefined, where: string): Finding[] {
  if (bytes === undefined) return [error(where, `/${path} is missing`)];
  const program = readProgram(bytes);
  if (program === undefined) return [error(where, `/${path} is no program that UEFI firmware can start`)];
  return [
    ...(program.machine === machine ? [] : [error(where, `/${path} is for ${program.machine} instead of ${machine}`)]),
    ...(program.signature === "broken" ? [error(where, `/${path} has a signature that does not fit it`)] : []),
    ...(program.signature === "none" && signed ? [error(where, `/${path} is not signed: Secure Boot refuses it`)] : []),
  ];
}
