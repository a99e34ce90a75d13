import { closeSync, createReadStream, openSync, writeSync } from "node:fs";
import { readBack } from "../build/verify-squashfs.ts";
import { contrasts, type Contrast } from "../build/tar/differences.ts";
import type { TarEntry } from "../build/tar/entry.ts";
import { readable, type ManifestEntry } from "../build/tar/manifest.ts";
import { TarReader, type TarVisitor } from "../build/tar/read.ts";
import { Failure } from "../failure.ts";
import { pour } from "../system/process.ts";
import { sqfs2tar } from "../tools/sqfs2tar.ts";
import { firstDifference } from "./bytes.ts";
import { byPath, changeOf, type Change, type Difference } from "./difference.ts";
import type { Sample, Samples } from "./samples.ts";

/** Two squashfs files, and what they are called on the medium. */
export interface Modules {
  readonly path: string;
  readonly published: string;
  readonly rebuilt: string;
}

/** How the files in two squashfs differ. None differ where only the packing does. */
export async function compareModules(modules: Modules, samples: Samples, signal: AbortSignal): Promise<Difference[]> {
  const { path, published, rebuilt } = modules;
  const [before, after] = [await read(published, signal), await read(rebuilt, signal)];
  if (before === undefined || after === undefined)
    return [{ path, changes: [{ what: "squashfs", ...state("published", before), ...state("rebuilt", after) }] }];
  const found = byPath(contrasts(before, after));
  if (found.size === 0) return [{ path, changes: [{ what: "packing: the files in it are the same" }] }];
  const offsets = await offsetsOf([...found], modules, { samples, signal });
  return [...found].map(([inside, each]) => ({ path, inside, changes: changesOf(each, offsets.get(inside)) }));
}

const state = (side: "published" | "rebuilt", entries: unknown): Partial<Change> => ({
  [side]: entries === undefined ? "cannot be read" : "can be read",
});

/** What somebody tampered with may be no squashfs any more. */
async function read(image: string, signal: AbortSignal): Promise<ManifestEntry[] | undefined> {
  try {
    return await readBack(image, signal);
  } catch (error) {
    if (error instanceof Failure && ["step-failed", "verification-failed"].includes(error.code)) return undefined;
    throw error;
  }
}

const changesOf = (contrasts: readonly Contrast[], firstByte: number | undefined): Change[] =>
  contrasts.map((each) => ({
    ...changeOf(each),
    ...(each.what === "sha256" && firstByte !== undefined ? { firstByte } : {}),
  }));

/** Where the content of files begins to differ, by path, as far as there is room for samples. */
async function offsetsOf(
  found: readonly (readonly [string, readonly Contrast[]])[],
  { path, published, rebuilt }: Modules,
  { samples, signal }: { readonly samples: Samples; readonly signal: AbortSignal },
): Promise<ReadonlyMap<string, number>> {
  const chosen = new Map<string, Sample>();
  for (const [inside, contrasts] of found) {
    if (!contrasts.some(({ what }) => what === "sha256") || contrasts.some(({ what }) => what === "type")) continue;
    const sample = samples.next(`${path}/${inside}`);
    if (sample !== undefined) chosen.set(inside, sample);
  }
  const offsets = new Map<string, number>();
  if (chosen.size === 0) return offsets;
  const side = (name: keyof Sample): Map<string, string> =>
    new Map([...chosen].map(([inside, sample]) => [inside, sample[name]]));
  await unpack(published, side("published"), signal);
  await unpack(rebuilt, side("rebuilt"), signal);
  for (const [inside, sample] of chosen) {
    const at = await firstDifference(createReadStream(sample.published), createReadStream(sample.rebuilt));
    if (at !== undefined) offsets.set(inside, at);
  }
  return offsets;
}

/** Write the content of some files of a squashfs where the map says; a file that has none becomes an empty one. */
async function unpack(image: string, wanted: ReadonlyMap<string, string>, signal: AbortSignal): Promise<void> {
  for (const to of wanted.values()) closeSync(openSync(to, "w"));
  const reader = new TarReader(writing(wanted));
  await pour({ ...sqfs2tar(image), signal }, (piece) => {
    reader.push(piece);
  });
  reader.finish();
}

function writing(wanted: ReadonlyMap<string, string>): TarVisitor {
  let file: number | undefined;
  return {
    entry: ({ path }: TarEntry) => {
      const to = wanted.get(readable(path));
      file = to === undefined ? undefined : openSync(to, "w");
    },
    content: (piece) => {
      if (file !== undefined) writeSync(file, piece);
    },
    end: () => {
      if (file !== undefined) closeSync(file);
      file = undefined;
    },
  };
}
