import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { freeSpace } from "../system/disk.ts";
import { exists, findTool, isRoot, memory } from "../system/host.ts";
import { run } from "../system/process.ts";
import type { Finding } from "./doctor.ts";
import { leastMemory, leastSpace, type Purpose } from "./needs.ts";

/** Folders that the work will use, if they are known. */
export interface Sites {
  readonly cache?: string;
  readonly output?: string;
}

/** What no package brings: permissions, the kernel, space and memory. */
export function surroundings(
  purposes: readonly Purpose[],
  sites: Sites,
  signal: AbortSignal,
): readonly Promise<Finding>[] {
  const builds = purposes.includes("build") || purposes.includes("develop");
  const folders = builds ? Object.values(sites) : [];
  return [
    ...(builds ? [Promise.resolve(permission()), overlays(sites.cache, signal)] : []),
    ...folders.map((folder: string) => space(folder)),
    enoughMemory(purposes),
  ];
}

const permission = (): Finding => ({
  need: "root",
  state: isRoot() ? "ok" : "missing",
  optional: false,
  why: "lets packages be installed into a root filesystem of their own owners",
  remedy: "run it with sudo",
});

/**
 * The proof is the thing itself: namespaces as the sandbox makes them, and in them an overlay whose upper directory lies
 * where the cache is. Containers may forbid the one, and an overlay cannot lie on another overlay.
 */
async function overlays(cache: string | undefined, signal: AbortSignal): Promise<Finding> {
  const said = {
    need: "overlay in namespaces",
    optional: false,
    why: "stacks layers without touching this host",
  } as const;
  if (!isRoot()) return { ...said, state: "ok", found: "not tried without root" };
  if ((await findTool("unshare")) === undefined) return { ...said, state: "ok", found: "not tried without unshare" };
  await using folder = await trial(cache);
  const options = "lowerdir=lower,upperdir=upper,workdir=work";
  const words: string[] = [];
  try {
    await Promise.all(["lower", "upper", "work", "top"].map((name) => mkdir(join(folder.path, name))));
    await run({
      tool: "unshare",
      // prettier-ignore
      args: [
        "--mount", "--propagation", "private", "--uts", "--ipc", "--net", "--pid", "--fork", "--kill-child",
        "mount", "-t", "overlay", "-o", options, "overlay", "top",
      ],
      cwd: folder.path,
      signal,
      onLine: (line) => words.push(line),
    });
    return { ...said, state: "ok" };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const remedy =
      "needs CAP_SYS_ADMIN, a kernel with overlayfs, and a cache on a disk that is no overlay itself (--cache)";
    return { ...said, state: "unfit", found: words[0] ?? "refused", remedy };
  }
}

async function trial(cache: string | undefined): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(await nearest(cache ?? "/var/tmp"), ".livewright-"));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

const nearest = async (folder: string): Promise<string> => ((await exists(folder)) ? folder : nearest(dirname(folder)));

async function space(folder: string): Promise<Finding> {
  const { bytes } = await freeSpace(folder);
  return {
    need: `space in ${folder}`,
    state: bytes >= leastSpace ? "ok" : "unfit",
    optional: false,
    why: "holds layers and images",
    found: `${gigabytes(bytes)} free`,
    wanted: `at least ${gigabytes(leastSpace)}`,
    remedy: "free some space there, or name another folder",
  };
}

async function enoughMemory(purposes: readonly Purpose[]): Promise<Finding> {
  const least = Math.max(...purposes.map((purpose) => leastMemory[purpose]));
  const bytes = await memory();
  return {
    need: "memory",
    state: bytes >= least ? "ok" : "unfit",
    optional: false,
    why: purposes.includes("build") ? "compresses and boots images" : "boots images",
    found: gigabytes(bytes),
    wanted: `at least ${gigabytes(least)}`,
    remedy: "use a machine with more",
  };
}

const gigabytes = (bytes: number): string => `${(bytes / 1e9).toFixed(1)} GB`;
