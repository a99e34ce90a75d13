import { freeSpace } from "../system/disk.ts";
import { isRoot, memory } from "../system/host.ts";
import type { Finding } from "./doctor.ts";
import { namespaces } from "./namespaces.ts";
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
): readonly Promise<readonly Finding[]>[] {
  return [
    ...(purposes.includes("develop") ? [Promise.resolve([permission()])] : []),
    ...(builds(purposes) ? [namespaces(sites.cache, signal)] : []),
    ...resources(purposes, sites),
  ];
}

/** What others may use up at any time. */
export function resources(purposes: readonly Purpose[], sites: Sites): readonly Promise<readonly Finding[]>[] {
  const folders = builds(purposes) ? Object.values(sites) : [];
  return [
    ...folders.map(async (folder: string) => [await space(folder)]),
    enoughMemory(purposes).then((finding) => [finding]),
  ];
}

const builds = (purposes: readonly Purpose[]): boolean => purposes.includes("build") || purposes.includes("develop");

const permission = (): Finding => ({
  need: "root",
  state: isRoot() ? "ok" : "missing",
  optional: false,
  why: "lets tests make users, mounts and files of other owners",
  remedy: "run it with sudo",
});

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
