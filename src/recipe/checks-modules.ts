import type { Checking } from "./checking.ts";
import { hasDictionary, isDictionary, levels, usualBlock } from "./compression.ts";
import { bytesOf } from "./decode.ts";
import { framed, longestLower, lowerOption, moduleFiles } from "./modules.ts";
import type { Way } from "./tree.ts";

/** As live-boot stacks the modules, all of them are named in one mount option. */
export function chain({ wish, fault }: Checking): void {
  if (wish.squashfs.modules === "single") return;
  const files = moduleFiles(framed(wish.layers.map(({ name }) => name)));
  const { length } = lowerOption(files);
  if (length > longestLower)
    fault(
      ["layers"],
      `${String(files.length)} modules with these names take ${String(length)} bytes of a mount option that can have ${String(longestLower)}; shorten the names, join layers, or say squashfs.modules: single`,
    );
}

/** What mksquashfs takes for this compression, and no other (mksquashfs(1)). */
export function squashfs({ wish: { squashfs }, fault }: Checking): void {
  const most = levels[squashfs.compression];
  if (squashfs.level !== undefined && squashfs.level > most)
    fault(
      ["squashfs", "level"],
      most === 0 ? `${squashfs.compression} has no levels` : `${squashfs.compression} has levels 1 to ${String(most)}`,
    );
  const dictionary = squashfs.dictionary === undefined ? undefined : bytesOf(squashfs.dictionary);
  const block = squashfs.block === undefined ? usualBlock(dictionary) : bytesOf(squashfs.block);
  if (!Number.isInteger(Math.log2(block)) || block < 4096 || block > 1024 * 1024)
    fault(["squashfs", "block"], `${String(block)} is no power of two from 4096 to 1048576 (1M)`);
  if (dictionary === undefined) return;
  const way = ["squashfs", "dictionary"];
  if (!hasDictionary(squashfs.compression)) fault(way, `${squashfs.compression} has no dictionary to choose`);
  if (!isDictionary(dictionary))
    fault(way, `${String(dictionary)} is neither a power of two nor one and a half of one, from 8192 (8K) on`);
  if (dictionary > block) fault(way, `${String(dictionary)} is more than the block, ${String(block)}`);
}

/** Room that may not be exceeded is some room. */
export function budgets({ wish: { budget, layers }, fault }: Checking): void {
  const limits: readonly (readonly [Way, string | number | undefined])[] = [
    ...Object.entries(budget).map(([of, most]) => [["budget", of], most] as const),
    ...layers.map(({ budget: most }, at) => [["layers", at, "budget"], most] as const),
  ];
  for (const [way, most] of limits)
    if (most !== undefined && bytesOf(most) < 1) fault(way, `${String(most)} is no number of bytes above 0`);
}
