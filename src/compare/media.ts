import { open } from "node:fs/promises";
import { join } from "node:path";
import { readDisk } from "../audit/audit.ts";
import { readEsp, type ReadEsp } from "../audit/esp.ts";
import { openImage, pieces, type Image } from "../audit/image.ts";
import { readTree, type Node, type Tree } from "../audit/tree.ts";
import { readVolume } from "../audit/volume.ts";
import { contrasts } from "../build/tar/differences.ts";
import type { ManifestEntry } from "../build/tar/manifest.ts";
import { firstDifference } from "./bytes.ts";
import { byPath, changeOf, type Change, type Difference } from "./difference.ts";
import { compareEsps } from "./esp.ts";
import { compareModules } from "./modules.ts";
import type { Samples } from "./samples.ts";

export interface Media {
  /** The ISO that is out in the world. */
  readonly published: string;
  /** The one that was made to compare it with. */
  readonly rebuilt: string;
  /** Copies of what differs are left here, for a program that shows how. */
  readonly samples: Samples;
  readonly signal: AbortSignal;
}

/** How two ISOs differ: as files, in their trees, within squashfs modules and the ESP. Nothing is mounted. */
export async function compareMedia({ published, rebuilt, samples, signal }: Media): Promise<readonly Difference[]> {
  await using one = await openImage(published);
  await using other = await openImage(rebuilt);
  const at = await firstDifference(pieces(one, 0, one.size, signal), pieces(other, 0, other.size, signal));
  if (at === undefined) return [];
  const whole: Difference = {
    path: "ISO",
    changes: [...sized(one.size, other.size), { what: "content", firstByte: at }],
  };
  const sides = [await readSide(one, signal), await readSide(other, signal)] as const;
  if (sides[0] === undefined || sides[1] === undefined) {
    const said = (side: Side | undefined): string => (side === undefined ? "no ISO 9660" : "ISO 9660");
    const change = { what: "file system", published: said(sides[0]), rebuilt: said(sides[1]) };
    return [{ ...whole, changes: [change, ...whole.changes] }];
  }
  const pair: Pair = { published: sides[0], rebuilt: sides[1], samples, signal };
  return [whole, ...(await compareTrees(pair)), ...(await compareEsps(pair))];
}

/** One of the two, opened and read. */
export interface Side {
  readonly image: Image;
  readonly tree: Tree;
  readonly esp: ReadEsp;
}

export interface Pair {
  readonly published: Side;
  readonly rebuilt: Side;
  readonly samples: Samples;
  readonly signal: AbortSignal;
}

async function readSide(image: Image, signal: AbortSignal): Promise<Side | undefined> {
  const { value: volume } = await readVolume(image);
  if (volume === undefined) return undefined;
  const { value: tree } = await readTree(image, volume.root);
  const esp = await readEsp(image, await readDisk(image, volume, tree), signal);
  return { image, tree, esp };
}

const sized = (published: number, rebuilt: number): Change[] =>
  published === rebuilt ? [] : [{ what: "size", published: String(published), rebuilt: String(rebuilt) }];

async function compareTrees(pair: Pair): Promise<Difference[]> {
  const { published, rebuilt } = pair;
  const attributes = byPath(contrasts(entriesOf(published.tree), entriesOf(rebuilt.tree)));
  const paths = [...new Set([...published.tree.keys(), ...rebuilt.tree.keys()])].sort();
  const differences: Difference[] = [];
  for (const path of paths) {
    const changes = (attributes.get(path) ?? []).map(changeOf);
    const [was, is] = [published.tree.get(path), rebuilt.tree.get(path)];
    const files = was?.type === "file" && is?.type === "file" ? ([was, is] as const) : undefined;
    const firstByte = files === undefined ? undefined : await contentDiffers(files, pair);
    if (firstByte !== undefined) changes.push({ what: "content", firstByte });
    if (changes.length > 0) differences.push({ path: `/${path}`, changes });
    if (firstByte !== undefined && files !== undefined) differences.push(...(await lookInto(files, pair)));
  }
  return differences;
}

const entriesOf = (tree: Tree): ManifestEntry[] =>
  [...tree.values()].map(({ path, type, target, size, attributes }) => ({
    path,
    type,
    ...(target === undefined ? {} : { target }),
    ...(type === "file" ? { size } : {}),
    ...(attributes === undefined ? {} : { ...attributes, mode: attributes.mode.toString(8).padStart(4, "0") }),
  }));

type Files = readonly [published: Node, rebuilt: Node];

const contentDiffers = ([was, is]: Files, { published, rebuilt, signal }: Pair): Promise<number | undefined> =>
  firstDifference(contentOf(published.image, was, signal), contentOf(rebuilt.image, is, signal));

async function* contentOf(image: Image, { extents }: Node, signal: AbortSignal): AsyncGenerator<Buffer> {
  for (const { at, length } of extents) yield* pieces(image, at, length, signal);
}

/** Modules are compared file by file; of all else a sample is taken. */
async function lookInto([was, is]: Files, { published, rebuilt, samples, signal }: Pair): Promise<Difference[]> {
  const isModule = /^live\/[^/]+\.squashfs$/.test(was.path);
  const module = {
    published: join(samples.folder, "published.module"),
    rebuilt: join(samples.folder, "rebuilt.module"),
  };
  const to = isModule ? module : samples.next(was.path);
  if (to === undefined) return [];
  await write(contentOf(published.image, was, signal), to.published);
  await write(contentOf(rebuilt.image, is, signal), to.rebuilt);
  return isModule ? compareModules({ path: `/${was.path}`, ...module }, samples, signal) : [];
}

async function write(content: AsyncIterable<Buffer>, to: string): Promise<void> {
  await using file = await open(to, "w");
  for await (const piece of content) await file.writeFile(piece);
}
