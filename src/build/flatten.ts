import { open, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { output, scratch as note, type Place } from "../command.ts";
import type { Report } from "../events.ts";
import { Failure } from "../failure.ts";
import { publish } from "../system/files.ts";
import { pour, run } from "../system/process.ts";
import { scratch } from "../system/scratch.ts";
import { mksquashfs, type Squash } from "../tools/mksquashfs.ts";
import { sqfs2tar } from "../tools/sqfs2tar.ts";
import { joinLayers } from "./join-layers.ts";
import { spell } from "./locate.ts";
import { published } from "./tar/canonical.ts";
import type { TarEntry } from "./tar/entry.ts";
import { TarReader, type TarVisitor } from "./tar/read.ts";
import { Recorder } from "./tar/record.ts";
import { searching } from "./squash.ts";
import { verifySquashfs } from "./verify-squashfs.ts";

export interface Flattening extends Omit<Squash, "tar" | "image"> {
  /** Squashfs files, lowest first. */
  readonly modules: readonly string[];
  readonly to: string;
  readonly report: Report;
  readonly signal: AbortSignal;
}

/**
 * Join squashfs modules into one that holds what live-boot would show of them, read it back, and only then give it its name.
 * Everything on the way lies in a folder beside it, which is gone however this ends.
 */
export async function flatten({ modules, to, report, signal, ...squash }: Flattening): Promise<void> {
  await using work = await scratch(dirname(to));
  const inWork = (name: string): string => join(work.path, name);
  const step = timed(modules.length + 3, report);
  const layers = modules.map((_, at) => inWork(`${String(at)}.tar`));
  for (const [at, module] of modules.entries())
    await step(`read ${basename(module)}`, () => unpack(module, layers[at] ?? "", inWork("layer"), signal));
  const [tar, manifest, image] = [inWork("root.tar"), inWork("manifest"), inWork("root.squashfs")];
  const newest = await step("join", () => joinLayers({ layers, tar, manifest, signal }));
  for (const layer of layers) await rm(layer);
  await step("squash", () => pack({ ...squash, manifest, epoch: newest, folder: work.path, signal }));
  await step("verify", () => verifySquashfs({ image, manifest, signal }));
  await using file = await open(image, "r+");
  await file.sync();
  await publish(image, to);
}

type Step = <T>(name: string, act: () => Promise<T>) => Promise<T>;

function timed(of: number, report: Report): Step {
  let at = 0;
  return async (stage, act) => {
    at += 1;
    const began = performance.now();
    const seconds = (): number => (performance.now() - began) / 1000;
    report({ kind: "stage-started", stage, at, of });
    try {
      const result = await act();
      report({ kind: "stage-finished", stage, at, of, seconds: seconds() });
      return result;
    } catch (error) {
      report({ kind: "stage-failed", stage, seconds: seconds() });
      throw error;
    }
  };
}

/** A module as a layer's tar. Content lies in a file, since hard links may need it in another order than it comes. */
async function unpack(module: string, tar: string, manifest: string, signal: AbortSignal): Promise<void> {
  await using recorder = await Recorder.create(tar, manifest);
  const reader = new TarReader(passing(recorder));
  try {
    await pour({ ...sqfs2tar(module), signal }, async (piece) => {
      reader.push(piece);
      await recorder.keepUp();
    });
    reader.finish();
  } catch (error) {
    if (!(error instanceof Failure) || signal.aborted) throw error;
    const { code, message, remedy } = error;
    throw new Failure(code, `${module}: ${message}`, { remedy, cause: error });
  }
  await recorder.finish();
}

const passing = (recorder: Recorder): TarVisitor => ({
  entry: (entry: TarEntry) => {
    recorder.entry(published(entry));
  },
  content: (piece) => {
    recorder.content(piece);
  },
  end: () => {
    recorder.end();
  },
});

interface Packing extends Omit<Squash, "tar" | "image"> {
  readonly folder: string;
  readonly manifest: string;
  readonly epoch: number;
  readonly signal: AbortSignal;
}

async function pack({ folder, manifest, epoch, signal, ...squash }: Packing): Promise<void> {
  const { tool, args } = mksquashfs({ tar: note("root.tar"), image: output("root.squashfs"), ...squash });
  const find = (place: Place): string => join(folder, "path" in place ? place.path : "");
  await run({
    tool,
    args: [...args.map((arg) => spell(arg, find)), ...(await searching(manifest))],
    inputFile: join(folder, "root.tar"),
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    signal,
  });
}
