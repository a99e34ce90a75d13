import { createHash } from "node:crypto";
import { link, mkdir, open, readdir, rename, rm, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { KnownDigests } from "../../src/system/known-digests.ts";
import { Memory } from "../../src/system/memory.ts";
import { scratch } from "../build/plant.ts";

const large = Buffer.alloc(2 ** 21, "livewright");
const hex = (algorithm: string, bytes: Buffer): string => createHash(algorithm).update(bytes).digest("hex");

/** Digests that know a file by what was noted of it: what is noted here shows whether the file was read. */
async function noted(
  folder: string,
): Promise<{ readonly digests: KnownDigests; readonly notes: () => Promise<number> }> {
  await mkdir(join(folder, "answers"), { recursive: true });
  return {
    digests: new KnownDigests(new Memory(folder)),
    notes: async () => (await readdir(join(folder, "answers"))).length,
  };
}

test("each digest is that of the file, in the order that was asked for", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "file");
  await writeFile(file, large);
  const { digests } = await noted(folder.path);
  expect(await digests.of(file, ["md5", "sha256"])).toEqual([hex("md5", large), hex("sha256", large)]);
  expect(await digests.of(file, ["sha256"])).toEqual([hex("sha256", large)]);
});

test("a file that got another name, or one more, is known still", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "file");
  await writeFile(file, large);
  const { digests, notes } = await noted(folder.path);
  await digests.of(file, ["sha256"]);
  await rename(file, join(folder.path, "moved"));
  await link(join(folder.path, "moved"), join(folder.path, "linked"));
  expect(await digests.of(join(folder.path, "linked"), ["sha256"])).toEqual([hex("sha256", large)]);
  expect(await notes()).toBe(1);
});

test("a file that was written to, or replaced by one of the same size and time, is read again", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "file");
  const when = new Date(1_700_000_000_000);
  const other = Buffer.alloc(large.length, "wrightlive");
  await writeFile(file, large);
  await utimes(file, when, when);
  const { digests } = await noted(folder.path);
  expect(await digests.of(file, ["sha256"])).toEqual([hex("sha256", large)]);
  await rm(file);
  await writeFile(file, other);
  await utimes(file, when, when);
  expect(await digests.of(file, ["sha256"])).toEqual([hex("sha256", other)]);
  await using opened = await open(file, "r+");
  await opened.write(large);
  expect(await digests.of(file, ["sha256"])).toEqual([hex("sha256", large)]);
});

test("of small files nothing is noted", async () => {
  await using folder = await scratch();
  const file = join(folder.path, "file");
  await writeFile(file, "small");
  const { digests, notes } = await noted(folder.path);
  expect(await digests.of(file, ["sha256"])).toEqual([hex("sha256", Buffer.from("small"))]);
  expect(await notes()).toBe(0);
});
