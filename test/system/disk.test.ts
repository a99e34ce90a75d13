import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { requireWritable } from "../../src/system/disk.ts";

/** Where nobody may make a file, not even root. */
const closed = "/proc/sys/kernel";

test.each([closed, `${closed}/out`, `${closed}/a/b/c`])(
  "%s is refused with the folder that cannot be written to",
  async (path) => {
    await expect(requireWritable(path)).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(
        `^what is made could not be put into ${path}: ${closed} (may not be written to|is on a read-only file system)$`,
      ) as string,
      remedy: "name another folder with -o",
    });
  },
);

test("a file where the folder is to be, or above it, is refused", async () => {
  const folder = await mkdtemp(join(tmpdir(), "livewright-disk-"));
  await writeFile(join(folder, "file"), "");
  for (const path of ["file", "file/out", "file/a/b"])
    await expect(requireWritable(join(folder, path))).rejects.toMatchObject({
      code: "refused",
      message: `${join(folder, "file")} is not a folder`,
    });
  await rm(folder, { recursive: true });
});

test("a folder of one's own is let through, whether it exists yet or not, and is not made", async () => {
  const folder = await mkdtemp(join(tmpdir(), "livewright-disk-"));
  await requireWritable(folder);
  await requireWritable(join(folder, "a/b"));
  expect(await readdir(folder)).toEqual([]);
  await rm(folder, { recursive: true });
});
