import { mkdir, readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { removeTree } from "../../src/system/files.ts";
import { capture } from "../../src/system/process.ts";
import { never, scratch } from "../build/plant.ts";

test.each([
  ["another filesystem", ["-t", "tmpfs", "tmpfs"]],
  ["a folder of the same filesystem", ["--bind", "precious"]],
])("a tree in which %s is mounted is not removed", async (_, mounting) => {
  await using place = await scratch();
  const at = join(place.path, "tree/a folder");
  await mkdir(at, { recursive: true });
  await mkdir(join(place.path, "precious"));
  await writeFile(join(place.path, "precious/file"), "");
  await writeFile(join(place.path, "tree/file"), "");
  const as = (tool: string, ...args: readonly string[]): Promise<string> =>
    capture({ tool, args, cwd: place.path, signal: never() });
  await as("mount", ...mounting, at);
  try {
    await writeFile(join(at, "kept"), "");
    await expect(removeTree(join(place.path, "tree"), never())).rejects.toThrow(
      `tree is not removed, for ${at} is mounted in it`,
    );
    expect(await readdir(at)).toContain("kept");
    expect(await readdir(join(place.path, "precious"))).toContain("file");
  } finally {
    await as("umount", at);
  }
  await removeTree(join(place.path, "tree"), never());
  expect(await readdir(place.path)).toEqual(["precious"]);
});
