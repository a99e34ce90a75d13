import { mkdir, open, readdir, stat } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { contentOf } from "../audit/checksums.ts";
import { openImage, pieces } from "../audit/image.ts";
import { readTree, type Node } from "../audit/tree.ts";
import { readVolume } from "../audit/volume.ts";
import { Failure } from "../failure.ts";
import { defaultList, parseList } from "../netboot/list.ts";
import { parseRecord, recordPathOf } from "../netboot/record.ts";
import { exists, readText } from "../system/files.ts";
import type { Sums } from "./sums.ts";

/** Modules as they are stacked, lowest first, and what people call the whole. */
export interface Base {
  readonly chain: string;
  readonly modules: readonly BaseModule[];
}

export interface BaseModule {
  readonly sha256: string;
  /** The squashfs as a file; what lies on an ISO is brought out first. */
  readonly file: () => Promise<string>;
}

/** What reading a place takes: sums of files, a folder for what must be unpacked, and how to stop. */
export interface Reading {
  readonly sums: Sums;
  readonly scratch: string;
  readonly signal: AbortSignal;
}

/** Read a base: a netboot folder or one of its lists, a module with its record among others, or an ISO. */
export async function readBase(place: string, reading: Reading): Promise<Base> {
  if (!(await exists(place))) throw new Failure("usage", `${place} is not there`);
  if ((await stat(place)).isDirectory()) {
    if (await exists(join(place, defaultList))) return listed(place, join(place, defaultList));
    throw new Failure("usage", `${place} is no netboot folder: ${defaultList} is missing`, {
      remedy: "of a folder of modules, name the topmost of them, such as out/modules/base-essential-console.module",
    });
  }
  if (place.endsWith(".modules")) return listed(dirname(dirname(place)), place);
  if (place.endsWith(".module") || place.endsWith(".squashfs")) return recorded(place, reading);
  return onIso(place, reading);
}

async function listed(folder: string, file: string): Promise<Base> {
  const { chain, modules } = parseList(await readText(file), file);
  return {
    chain,
    modules: modules.map(({ sha256, path }) => ({ sha256, file: () => there(join(folder, path)) })),
  };
}

async function there(file: string): Promise<string> {
  if (await exists(file)) return file;
  throw new Failure("verification-failed", `${file} is missing, although its folder lists it`);
}

/** The modules below one lie beside it, each known by its own sum. */
async function recorded(place: string, { sums }: Reading): Promise<Base> {
  const file = recordPathOf(place);
  if (!(await exists(file)))
    throw new Failure("usage", `${file} is not there: nothing says what ${basename(place)} stands on`);
  const { chain, below, sha256 } = parseRecord(await readText(file), file);
  const beside = await squashfsIn(dirname(file));
  return {
    chain,
    modules: [...below, sha256].map((sum) => ({ sha256: sum, file: () => among(beside, sum, sums) })),
  };
}

async function among(files: readonly string[], sha256: string, sums: Sums): Promise<string> {
  for (const file of files) if ((await sums.of(file)) === sha256) return file;
  throw new Failure("verification-failed", `no module in ${dirname(files[0] ?? ".")} has the sha256 ${sha256}`, {
    remedy: "livewright updateall, so that all modules of the folder fit each other",
  });
}

/** Every squashfs of a folder, in order of their names. */
export const squashfsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(folder))
    .filter((name) => name.endsWith(".squashfs"))
    .sort()
    .map((name) => join(folder, name));

/** The modules of an ISO as live-boot stacks them. They are read once for their sums, and copied out when they are asked for. */
async function onIso(iso: string, reading: Reading): Promise<Base> {
  const { signal } = reading;
  await using image = await openImage(iso);
  const { value: volume } = await readVolume(image);
  const tree = volume === undefined ? undefined : (await readTree(image, volume.root)).value;
  const order = tree?.get("live/filesystem.module");
  if (tree === undefined || order === undefined)
    throw new Failure(
      "usage",
      `${iso} is neither a netboot folder, a module with a record, nor an ISO with live/filesystem.module`,
    );
  const names = (await contentOf(image, order))
    .toString("utf8")
    .split(/\s+/u)
    .filter((name) => name !== "");
  const modules: BaseModule[] = [];
  for (const name of names) {
    const node = tree.get(`live/${name}`);
    if (node === undefined) throw new Failure("verification-failed", `${iso} lacks /live/${name}, which it lists`);
    const sha256 = await reading.sums.ofPieces([iso, name], partsOf(iso, node, signal));
    modules.push({ sha256, file: () => broughtOut(iso, node, join(reading.scratch, `${sha256}.squashfs`), signal) });
  }
  return { chain: names.map((name) => name.replace(/^\d+-|\.squashfs$/gu, "")).join("-"), modules };
}

async function* partsOf(iso: string, { extents }: Node, signal: AbortSignal): AsyncGenerator<Buffer> {
  await using image = await openImage(iso);
  for (const { at, length } of extents) yield* pieces(image, at, length, signal);
}

async function broughtOut(iso: string, node: Node, to: string, signal: AbortSignal): Promise<string> {
  if (await exists(to)) return to;
  await mkdir(dirname(to), { recursive: true });
  await using file = await open(to, "w");
  for await (const piece of partsOf(iso, node, signal)) await file.writeFile(piece);
  return to;
}
