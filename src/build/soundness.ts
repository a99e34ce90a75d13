import { lstat, readdir, readlink } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { digestsOf, digestsOfAll } from "../system/digests.ts";
import { exists, isCode, readText } from "../system/files.ts";
import type { KnownDigests } from "../system/known-digests.ts";
import { pour } from "../system/process.ts";
import { tarTree } from "../tools/tar.ts";
import { canonical } from "./tar/canonical.ts";
import { differences } from "./tar/differences.ts";
import { Manifester, readManifest, type ManifestEntry } from "./tar/manifest.ts";
import { TarReader, type TarVisitor } from "./tar/read.ts";

/** What an object's files were when it got its name. */
export type Inventory = Readonly<Record<string, FileState>>;

/** sha256 of a file, of its first and last bytes, or where a link leads. */
type FileState = { readonly link: string } | ContentState;

interface ContentState {
  readonly size: number;
  readonly edges: string;
  readonly sha256?: string;
  /** The machine's start in which it was written, until it is on the disk: with the next one it may be lost. */
  readonly start?: string;
}

/** Bytes at either end of a file that a glance reads: where headers, tables of contents and torn writes are. */
const edge = 64 * 1024;

/** Up to here a glance reads a file whole. */
const small = 2 ** 20;

/**
 * Take stock of an output. A layer's tree is left to its manifest, which has a digest of each file; so is its tar, and so
 * are safety copies, which are soon gone: of these only sizes and ends.
 */
export async function inventoryOf(folder: string, passing: boolean, digests: KnownDigests): Promise<Inventory> {
  const layer = await exists(join(folder, "manifest"));
  const files: [string, FileState][] = [];
  for await (const path of filesIn(folder)) {
    if (layer && path.startsWith("tree/")) continue;
    const whole = !passing && !(layer && path === "layer.tar");
    files.push([path, await stateOf(join(folder, path), whole, (file) => digests.of(file, ["sha256"]))]);
  }
  return Object.fromEntries(files.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The same inventory of files that are not on the disk yet. */
export async function unsettled(inventory: Inventory): Promise<Inventory> {
  const start = await machineStart();
  return Object.fromEntries(
    Object.entries(inventory).map(([path, state]) => [path, "link" in state ? state : { ...state, start }]),
  );
}

/** Faults that show at once: missing files, other sizes, other ends, other content of small files. */
export async function faultsAtAGlance(folder: string, inventory: string): Promise<readonly string[]> {
  const tree = (await exists(join(folder, "manifest"))) && !(await exists(join(folder, "tree")));
  const faults = await eachFault(folder, inventory, (path, { size }) => stateOf(path, size <= small));
  return tree ? [...faults, "tree is missing"] : faults;
}

/** Faults that only reading every byte can show, a layer's tree and tar included. */
export async function faultsInEveryByte(
  folder: string,
  inventory: string,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const faults = await eachFault(folder, inventory, (path, was) => stateOf(path, was.sha256 !== undefined));
  if (faults.length > 0 || !(await exists(join(folder, "manifest")))) return faults;
  const expected = await readManifest(join(folder, "manifest"));
  const tar = await comparedWith(expected, { tool: "cat", args: [join(folder, "layer.tar")] }, signal);
  const tree = await comparedWith(expected, tarTree(join(folder, "tree")), signal);
  return [...tar.map((fault) => `layer.tar: ${fault}`), ...tree.map((fault) => `tree: ${fault}`)];
}

async function eachFault(
  folder: string,
  inventory: string,
  look: (path: string, was: ContentState) => Promise<FileState>,
): Promise<readonly string[]> {
  const faults: string[] = [];
  for (const [path, was] of Object.entries(parsed(inventory))) {
    const fault = await faultOf(join(folder, path), was, look);
    if (fault !== undefined) faults.push(`${path} ${fault}`);
  }
  return faults;
}

/** An inventory that cannot be read names a file that no object has. */
function parsed(text: string): Inventory {
  try {
    return JSON.parse(text) as Inventory;
  } catch {
    // It was damaged itself, and is no measure of anything.
    return { ".inventory.json": { size: -1, edges: "" } };
  }
}

async function faultOf(
  path: string,
  was: FileState,
  look: (path: string, was: ContentState) => Promise<FileState>,
): Promise<string | undefined> {
  if (!("link" in was) && was.start !== undefined && was.start !== (await machineStart()))
    return "was not brought to the disk before this machine was started anew";
  try {
    const now = "link" in was ? { link: await readlink(path) } : await look(path, was);
    if ("link" in was || "link" in now)
      return "link" in was && "link" in now && was.link === now.link ? undefined : "leads elsewhere";
    if (now.size !== was.size) return `has ${String(now.size)} bytes instead of ${String(was.size)}`;
    const same =
      now.edges === was.edges && (now.sha256 === undefined || was.sha256 === undefined || now.sha256 === was.sha256);
    return same ? undefined : "has other content";
  } catch (error) {
    if (["ENOENT", "ENOTDIR", "EINVAL", "EISDIR"].some((code) => isCode(error, code))) return "is missing";
    if (isCode(error, "EIO")) return "cannot be read";
    throw error;
  }
}

async function stateOf(path: string, whole: boolean, read = sha256Of): Promise<FileState> {
  const info = await lstat(path);
  if (info.isSymbolicLink()) return { link: await readlink(path) };
  const edges = await edgesOf(path, info.size);
  const [sha256] = whole && info.size > 2 * edge ? await read(path) : [];
  return { size: info.size, edges, ...(sha256 === undefined ? {} : { sha256 }) };
}

/** Names the time since the machine was started (random(4), boot_id). */
const machineStart = async (): Promise<string> => (await readText("/proc/sys/kernel/random/boot_id")).trim();

const sha256Of = (path: string): Promise<readonly string[]> => digestsOf(path, ["sha256"]);

async function edgesOf(path: string, size: number): Promise<string> {
  const ends = [
    { at: 0, length: edge },
    { at: size - edge, length: edge },
  ];
  const stretches = size <= 2 * edge ? [{ at: 0, length: size }] : ends;
  const [[digest = ""] = []] = await digestsOfAll([{ path, stretches }], ["sha256"]);
  return digest;
}

async function* filesIn(folder: string, below = ""): AsyncGenerator<string> {
  for (const found of await readdir(join(folder, below), { withFileTypes: true })) {
    const path = below === "" ? found.name : `${below}/${found.name}`;
    if (found.isDirectory()) yield* filesIn(folder, path);
    else if (found.isFile() || found.isSymbolicLink()) yield path;
  }
}

/** How a stream of tar differs from a manifest. */
async function comparedWith(
  expected: readonly ManifestEntry[],
  source: { readonly tool: string; readonly args: readonly string[] },
  signal: AbortSignal,
): Promise<readonly string[]> {
  const epoch = expected.find(({ path }) => path === ".")?.mtime ?? 0;
  const found: ManifestEntry[] = [];
  const manifester = new Manifester((entry) => found.push(entry));
  const visitor: TarVisitor = {
    entry: (entry) => {
      manifester.entry(canonical(entry, epoch));
    },
    content: (piece) => {
      manifester.content(piece);
    },
    end: () => {
      manifester.end();
    },
  };
  const reader = new TarReader(visitor);
  try {
    await pour({ ...source, signal }, (piece) => {
      reader.push(piece);
    });
    reader.finish();
  } catch (error) {
    if (error instanceof Failure && error.code === "verification-failed") return [error.message];
    throw error;
  }
  return differences(expected, found);
}
