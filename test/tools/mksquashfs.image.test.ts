import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { spell } from "../../src/build/locate.ts";
import { output, scratch as note, type Place } from "../../src/command.ts";
import { capture, run } from "../../src/system/process.ts";
import { mksquashfs } from "../../src/tools/mksquashfs.ts";
import { never, scratch, tarOf } from "../build/plant.ts";
import { faultsOf } from "../recipe/desk.ts";

const block = 2 ** 16;

test("a recipe may name the dictionaries that mksquashfs accepts, and images have them", async () => {
  await using place = await scratch();
  await writeFile(join(place.path, "tar"), tarOf([{ path: "file", content: "x".repeat(100_000) }]));
  const sizes = [...Array.from({ length: 34 }, (_, at) => 2048 * (at + 1)), 8191, 8193, 65_535, 65_537];
  const welcome = sizes.filter(
    (size) =>
      faultsOf(`name: demo\nsquashfs: { compression: xz, block: ${String(block)}, dictionary: ${String(size)} }\n`)
        .length === 0,
  );
  const made = new Map<number, number>();
  for (const size of sizes) {
    const dictionary = await readBack(size, place.path);
    if (dictionary !== undefined) made.set(size, dictionary);
  }
  expect([...made]).toEqual(welcome.map((size) => [size, size]));
  expect(welcome).toEqual([8192, 12_288, 16_384, 24_576, 32_768, 49_152, 65_536]);
});

/** The dictionary of an image that was made with it, or undefined where mksquashfs refuses. */
async function readBack(dictionary: number, folder: string): Promise<number | undefined> {
  const image = output(`${String(dictionary)}.squashfs`);
  const find = (place: Place): string => join(folder, "path" in place ? place.path : "");
  const { tool, args } = mksquashfs({ tar: note("tar"), image, compression: "xz", block, dictionary });
  const words = args.map((arg) => spell(arg, find));
  if ((await run({ tool, args: words, inputFile: find(note("tar")), accept: [1], signal: never() })) !== 0) return;
  const told = await capture({ tool: "unsquashfs", args: ["-s", find(image)], signal: never() });
  return Number(/Dictionary size (\d+)/u.exec(told)?.[1] ?? block); // Only what is not the block is in the image.
}
