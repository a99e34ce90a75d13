import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { inWords, judge, type Reproduced } from "../../src/cli/reproduced.ts";
import { folderDigest } from "../../src/compare/folders.ts";
import { digestsOf } from "../../src/system/digests.ts";
import { Bench, edit } from "../netboot/folder.ts";

const { signal } = new AbortController();
let bench: Bench;
let folder: string;
beforeAll(async () => {
  bench = await Bench.open();
  folder = await mkdtemp(join(tmpdir(), "livewright-folders-"));
});
afterAll(async () => {
  await bench[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

/** The judgement of a build that gave a whole folder, where another is published. */
async function judged(published: string): Promise<Reproduced> {
  const made = await bench.make();
  const netboot = await folderDigest(made, signal);
  const sums = { netboot, files: { "/live/vmlinuz": "same" } };
  return judge({ name: "demo.netboot", recorded: sums, rebuilt: sums, made, published, warnings: [], folder, signal });
}

test("a folder is known by the digest of its list of checksums", async () => {
  const made = await bench.make();
  const [listed] = await digestsOf(join(made, "SHA256SUMS"), ["sha256"]);
  expect(await folderDigest(made, signal)).toBe(listed);
});

test("the same folder is the same build", async () => {
  expect(await judged(await bench.make())).toMatchObject({ same: true, differences: [] });
});

test("files that are not the same are named, whatever the folder's own list says of them", async () => {
  const published = await bench.make(async (it) => {
    await edit(it, "boot.ipxe", (text) => text.replace("live", "lamp"));
    await rm(join(it, "menu.c32"));
  });
  expect(await readFile(join(published, "SHA256SUMS"), "utf8")).toContain("menu.c32");
  const outcome = await judged(published);
  expect(outcome.same).toBe(false);
  expect(outcome.differences.map(({ path, changes }) => [path, ...changes.map(({ what }) => what)])).toEqual([
    ["/boot.ipxe", "content"],
    ["/menu.c32", "presence"],
  ]);
  expect(inWords(outcome)).toContain("/menu.c32\n  only on the rebuilt medium");
});
