import { Manifester, type ManifestEntry } from "../../src/build/tar/manifest.ts";
import { TarReader } from "../../src/build/tar/read.ts";
import { captureBytes } from "../../src/system/process.ts";
import { sqfs2tar } from "../../src/tools/sqfs2tar.ts";
import { tarTree } from "../../src/tools/tar.ts";
import { never } from "./plant.ts";

export function manifestOf(tar: Buffer): ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  const reader = new TarReader(new Manifester((entry) => entries.push(entry)));
  reader.push(tar);
  reader.finish();
  return entries;
}

/** What the kernel shows of modules stacked as live-boot stacks them, by the same tar that reads a tree to be sealed. */
export async function stacked(path: string, modules: readonly string[]): Promise<ManifestEntry[]> {
  const { tool, args } = tarTree("merged");
  const script = [
    "mkdir mnt rw work merged; lower= count=0",
    'for it; do count=$((count + 1)); mkdir mnt/$count; mount -o loop,ro "$it" mnt/$count; lower=mnt/$count${lower:+:$lower}; done',
    "mount -t tmpfs tmpfs rw; mkdir rw/rw rw/work",
    "mount -t overlay -o noatime,lowerdir=$lower,upperdir=rw/rw,workdir=rw/work,redirect_dir=on overlay merged",
    [tool, ...args].join(" ").replaceAll("*", "'*'"),
  ].join("\n");
  const words = ["--mount", "sh", "-ec", script, "sh", ...modules];
  return manifestOf(await captureBytes({ tool: "unshare", args: words, cwd: path, signal: never() }));
}

export const readBack = async (image: string): Promise<ManifestEntry[]> =>
  manifestOf(await captureBytes({ ...sqfs2tar(image), signal: never() }));

/** The root directory is live-boot's own, and made 0755 by it. */
export const withoutRoot = (entries: readonly ManifestEntry[]): ManifestEntry[] =>
  entries.filter(({ path }) => path !== ".");
