import { createHash, type Hash } from "node:crypto";
import { createReadStream } from "node:fs";
import { open, stat } from "node:fs/promises";
import { Failure } from "../failure.ts";
import { recordPath, type MediumRecord } from "../medium.ts";
import { capture } from "../system/process.ts";
import { extents, listExtents, type Extent } from "../tools/xorriso-read.ts";

/** What the host can know of an image before it is booted. */
export interface ImageFacts {
  readonly kind: "iso" | "disk" | "folder";
  readonly bytes: number;
  /** Absent on media that Livewright did not make. */
  readonly record?: MediumRecord;
  readonly files: readonly Extent[];
}

/** Look at an image file: an ISO 9660 filesystem with or without our record, or a raw disk. */
export async function readImage(path: string, signal: AbortSignal): Promise<ImageFacts> {
  const { size } = await stat(path).catch((cause: unknown) => {
    throw new Failure("usage", `${path} cannot be read: ${(cause as Error).message}`, { cause });
  });
  if (!(await isIso(path)))
    return (await isBootable(path)) ? { kind: "disk", bytes: size, files: [] } : Promise.reject(notBootable(path));
  const files = extents(await capture({ tool: "xorriso", args: listExtents(path), signal }));
  const text = await readFrom(path, files, `/${recordPath}`);
  if (text === undefined) return { kind: "iso", bytes: size, files };
  return { kind: "iso", bytes: size, files, record: recordOf(text.toString("utf8"), path) };
}

function recordOf(text: string, path: string): MediumRecord {
  const record = JSON.parse(text) as MediumRecord;
  if ((record.format as number) !== 1)
    throw new Failure(
      "usage",
      `${path} was made by a newer livewright: its record has format ${String(record.format)}`,
    );
  return record;
}

/** One file's content, or undefined when the medium has no such file. */
export async function readFrom(iso: string, files: readonly Extent[], path: string): Promise<Buffer | undefined> {
  const pieces = files.filter((file) => file.path === path);
  if (pieces.length === 0) return undefined;
  await using handle = await open(iso, "r");
  const read = pieces.map(async ({ start, bytes }) => {
    const { buffer, bytesRead } = await handle.read(Buffer.alloc(bytes), 0, bytes, start);
    return buffer.subarray(0, bytesRead);
  });
  return Buffer.concat(await Promise.all(read));
}

/** Files of the medium whose content is not what its own `sha256sum.txt` says; undefined when it has no such list. */
export async function spoiltFiles(
  iso: string,
  { files }: ImageFacts,
  signal: AbortSignal,
): Promise<readonly string[] | undefined> {
  const list = await readFrom(iso, files, "/sha256sum.txt");
  if (list === undefined) return undefined;
  const spoilt: string[] = [];
  for (const [, digest, name] of list.toString("utf8").matchAll(/^([0-9a-f]{64}) [ *](?:\.\/)?(.+)$/gm)) {
    const path = `/${String(name)}`;
    if ((await digestOf(iso, files, path, signal)) !== digest) spoilt.push(path);
  }
  return spoilt;
}

async function digestOf(iso: string, files: readonly Extent[], path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  const pieces = files.filter((file) => file.path === path);
  if (pieces.length === 0) return "missing";
  for (const { start, bytes } of pieces)
    if (bytes > 0)
      await feed(hash, createReadStream(iso, { start, end: start + bytes - 1, highWaterMark: 1 << 20, signal }));
  return hash.digest("hex");
}

/** sha256 of a whole file. */
export async function fingerprint(path: string, signal: AbortSignal): Promise<string> {
  const hash = createHash("sha256");
  await feed(hash, createReadStream(path, { highWaterMark: 1 << 20, signal }));
  return hash.digest("hex");
}

async function feed(hash: Hash, stream: AsyncIterable<unknown>): Promise<void> {
  for await (const chunk of stream) hash.update(chunk as Buffer);
}

/** The primary volume descriptor lies in block 16 (ECMA-119, 8.4). */
const isIso = async (path: string): Promise<boolean> => (await bytesAt(path, 16 * 2048 + 1, 5)) === "CD001";

const isBootable = async (path: string): Promise<boolean> => (await bytesAt(path, 510, 2)) === "\x55\xaa";

async function bytesAt(path: string, at: number, length: number): Promise<string> {
  await using handle = await open(path, "r");
  const { buffer, bytesRead } = await handle.read(Buffer.alloc(length), 0, length, at);
  return buffer.subarray(0, bytesRead).toString("latin1");
}

const notBootable = (path: string): Failure =>
  new Failure("usage", `${path} is neither an ISO nor a raw disk image with a boot sector`);
