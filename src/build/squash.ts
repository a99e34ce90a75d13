import { runStep, type Performance } from "./run-step.ts";
import type { Step } from "../plan/stage.ts";
import { mksquashfs, oneByOne, within } from "../tools/mksquashfs.ts";
import { locate } from "./locate.ts";
import { readManifest } from "./tar/manifest.ts";

/** A squashfs of a tar, with as much of the machine as there is for this build. */
export async function squash({ squash, manifest }: Extract<Step, { do: "squash" }>, at: Performance): Promise<void> {
  const command = mksquashfs(squash);
  const more = [...(await searching(locate(manifest, at))), ...within(at.site)];
  // The largest layer's is what a build waits for in the end, however few stages wait for it: it gives way to none.
  const ahead = { ...at, site: { ...at.site, givesWay: false } };
  return runStep({ do: "run", command: { ...command, args: [...command.args, ...more] } }, ahead);
}

/**
 * Up to so many files of one size mksquashfs looks for equal content among them. It compares each with all before it: for
 * ten thousand that takes two seconds, for ninety thousand more than two minutes, and without it one.
 */
const crowd = 10_000;

/** What mksquashfs is told about looking for files that are alike. */
export async function searching(manifest: string): Promise<readonly string[]> {
  const counts = new Map<number, number>();
  for (const { type, size = 0 } of await readManifest(manifest))
    if (type === "file" && size > 0) counts.set(size, (counts.get(size) ?? 0) + 1);
  return Math.max(0, ...counts.values()) > crowd ? oneByOne : [];
}
