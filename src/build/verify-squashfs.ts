import { open, type FileHandle } from "node:fs/promises";
import { readSuperblock, superblockFaults, superblockLength } from "../audit/squashfs.ts";
import { Failure } from "../failure.ts";
import { pour } from "../system/process.ts";
import { sqfs2tar } from "../tools/sqfs2tar.ts";
import { structureFaults } from "./squashfs/structure.ts";
import { differences, inodeCount } from "./tar/differences.ts";
import { Manifester, readManifest, type ManifestEntry } from "./tar/manifest.ts";
import { TarReader } from "./tar/read.ts";

export interface Verifying {
  readonly image: string;
  /** What the image was made from, as `sealLayer` wrote it. */
  readonly manifest: string;
  readonly signal: AbortSignal;
}

/** How many differences a failure tells. */
const told = 10;

/** No honest image of that much distinct content is that small: it is what an interrupted mksquashfs leaves. */
const floor = { image: 2 ** 20, content: 64 * 2 ** 20 };

/**
 * mksquashfs is believed only when its image, read back whole by another program, is what the manifest says:
 * paths, types, modes, owners, times, sizes, device numbers, extended attributes, hard links and content.
 */
export async function verifySquashfs({ image, manifest, signal }: Verifying): Promise<void> {
  const expected = await readManifest(manifest);
  await using file = await open(image).catch((error: unknown) => {
    throw new Failure("verification-failed", `${image} is not there, although its maker said it was done`, {
      cause: error,
    });
  });
  refuse(image, await outwardFaults(file, expected));
  const found = await readable(image, () => readBack(image, signal));
  refuse(image, differences(expected, found));
  refuse(image, await readable(image, () => structureFaults(file, signal)));
}

/** What can be seen without reading the content. */
async function outwardFaults(file: FileHandle, expected: readonly ManifestEntry[]): Promise<string[]> {
  const { size } = await file.stat();
  const { buffer, bytesRead } = await file.read(Buffer.alloc(superblockLength), 0, superblockLength, 0);
  const faults = superblockFaults(buffer.subarray(0, bytesRead), size);
  if (faults.length > 0) return faults;
  const { inodes, made, bytesUsed } = readSuperblock(buffer);
  const content = distinctContent(expected);
  const wanted = inodeCount(expected);
  const root = expected.find(({ path }) => path === ".");
  const fill = await file.read(Buffer.alloc(size - bytesUsed), 0, size - bytesUsed, bytesUsed);
  return [
    ...(size < floor.image && content > floor.content
      ? [`it has only ${String(size)} bytes for ${String(content)} of content`]
      : []),
    ...(inodes === wanted ? [] : [`it says that it holds ${String(inodes)} inodes instead of ${String(wanted)}`]),
    ...(root?.mtime === undefined || made === root.mtime
      ? []
      : [`it was stamped ${String(made)} instead of ${String(root.mtime)}`]),
    ...(fill.buffer.some((byte) => byte !== 0) ? ["what fills up its last block is not empty"] : []),
  ];
}

function distinctContent(entries: readonly ManifestEntry[]): number {
  const sizes = new Map(entries.map(({ sha256, size }) => [sha256 ?? "", size ?? 0]));
  return [...sizes.values()].reduce((total, size) => total + size, 0);
}

/** Everything that a squashfs holds, as another program than its maker reads it. */
export async function readBack(image: string, signal: AbortSignal): Promise<ManifestEntry[]> {
  const found: ManifestEntry[] = [];
  const reader = new TarReader(new Manifester((entry) => found.push(entry)));
  await pour({ ...sqfs2tar(image), signal }, (piece) => {
    reader.push(piece);
  });
  reader.finish();
  return found;
}

/** A program that fails on an image says that it is damaged, whatever its words. */
async function readable<T>(image: string, read: () => Promise<T>): Promise<T> {
  try {
    return await read();
  } catch (error) {
    if (!(error instanceof Failure) || (error.code !== "step-failed" && error.code !== "verification-failed"))
      throw error;
    throw rejected(image, "it cannot be read back", error);
  }
}

function refuse(image: string, faults: readonly string[]): void {
  if (faults.length === 0) return;
  const more = faults.length > told ? [`and ${String(faults.length - told)} more`] : [];
  throw rejected(image, [...faults.slice(0, told), ...more].join("\n  "));
}

const rejected = (image: string, why: string, cause?: unknown): Failure =>
  new Failure("verification-failed", `${image} is not what was squashed:\n  ${why}`, {
    remedy: "check the disk and memory of this machine, then build again",
    cause,
  });
