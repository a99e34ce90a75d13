import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { Cache } from "../../src/build/cache.ts";
import { defaultList, renderList, stacked } from "../../src/netboot/list.ts";
import { readBack } from "../../src/build/verify-squashfs.ts";
import { readBase, type Base } from "../../src/restack/base.ts";
import { findModules } from "../../src/restack/old-base.ts";
import { Sums } from "../../src/restack/sums.ts";
import { run } from "../../src/system/process.ts";
import { never, scratch } from "../build/plant.ts";
import { planted, type Planted } from "./modules.ts";

/** Two modules, the upper one on the lower. */
async function two(folder: string): Promise<readonly [Planted, Planted]> {
  await mkdir(folder, { recursive: true });
  const base = await planted(folder, "base", { plants: [{ path: "etc/issue", content: "1" }] });
  return [base, await planted(folder, "desk", { below: [base], plants: [{ path: "etc/desk", content: "1" }] })];
}

const reading = (work: string) => ({ sums: new Sums(), scratch: join(work, "notes"), signal: never() });

async function contentOf({ modules }: Base): Promise<readonly string[]> {
  const files = await Promise.all(modules.map(({ file }) => file()));
  const all = await Promise.all(files.map((file) => readBack(file, never())));
  return all.map((entries) =>
    entries
      .filter(({ type }) => type === "file")
      .map(({ path }) => path)
      .join(),
  );
}

const sums = ({ modules }: Base): readonly string[] => modules.map(({ sha256 }) => sha256);

test("a module with its record is a base, with all that it stands on beside it", async () => {
  await using work = await scratch();
  const [base, desk] = await two(work.path);
  for (const place of [desk.file, desk.file.replace(".squashfs", ".module")]) {
    const read = await readBase(place, reading(work.path));
    expect([read.chain, sums(read)]).toEqual(["base-desk", [base.record.sha256, desk.record.sha256]]);
    expect(await contentOf(read)).toEqual(["etc/issue", "etc/desk"]);
  }
});

test("a netboot folder and each of its lists is a base", async () => {
  await using work = await scratch();
  const modules = await two(join(work.path, "live"));
  const listed = modules.map(({ file, record: { sha256, bytes } }) => ({
    sha256,
    bytes,
    path: file.slice(work.path.length + 1),
  }));
  await mkdir(join(work.path, "lists"));
  await writeFile(
    join(work.path, defaultList),
    renderList({ chain: "base-desk", memory: 1, modules: stacked(listed) }),
  );
  for (const place of [work.path, join(work.path, defaultList)]) {
    const read = await readBase(place, reading(work.path));
    expect([read.chain, sums(read)]).toEqual(["base-desk", modules.map(({ record }) => record.sha256)]);
    expect(await contentOf(read)).toEqual(["etc/issue", "etc/desk"]);
  }
});

/** An ISO with modules as a build numbers them. */
async function iso(work: string): Promise<{ readonly file: string; readonly modules: readonly Planted[] }> {
  const modules = await two(join(work, "tree/live"));
  const names = ["01-base.squashfs", "02-desk.squashfs"];
  for (const [at, { file }] of modules.entries()) await rename(file, join(work, "tree/live", names[at]!));
  await writeFile(join(work, "tree/live/filesystem.module"), names.map((name) => `${name}\n`).join(""));
  const args = ["-as", "mkisofs", "-quiet", "-R", "-o", join(work, "live.iso"), join(work, "tree")];
  await run({ tool: "xorriso", args, signal: never() });
  await rm(join(work, "tree"), { recursive: true });
  return { file: join(work, "live.iso"), modules };
}

test("an ISO is a base, without being mounted", async () => {
  await using work = await scratch();
  const { file, modules } = await iso(work.path);
  const read = await readBase(file, reading(work.path));
  expect([read.chain, sums(read)]).toEqual(["base-desk", modules.map(({ record }) => record.sha256)]);
  expect(await contentOf(read)).toEqual(["etc/issue", "etc/desk"]);
});

test("modules of an old base are found by their sums in folders and on ISOs, and what is missing is known", async () => {
  await using work = await scratch();
  const { file, modules } = await iso(work.path);
  const [other] = await two(join(work.path, "folder"));
  const cache = new Cache(join(work.path, "cache"));
  const wanted = [...modules.map(({ record }) => record.sha256), "0".repeat(64)];
  const find = async (from: readonly string[]): Promise<readonly boolean[]> =>
    (await findModules(wanted, { cache, from, known: [] }, reading(work.path))).map((found) => found !== undefined);
  expect(await find([])).toEqual([false, false, false]);
  expect(await find([file])).toEqual([true, true, false]);
  expect(other.record.sha256).toBe(wanted[0]);
  await rm(join(work.path, "folder/desk.squashfs"));
  expect(await find([join(work.path, "folder")])).toEqual([true, false, false]);
});

test("a module that lies without what it stands on is told so", async () => {
  await using work = await scratch();
  const [base, desk] = await two(work.path);
  await rm(base.file);
  await expect(readBase(desk.file, reading(work.path)).then(contentOf)).rejects.toMatchObject({
    code: "verification-failed",
    message: expect.stringContaining(base.record.sha256) as string,
  });
});

test.each([
  ["nothing", "nowhere", /is not there/],
  ["a folder of something else", ".", /is no netboot folder/],
  ["a squashfs without a record", "lonely.squashfs", /nothing says what lonely\.squashfs stands on/],
  ["a file of another kind", "text.iso", /is neither a netboot folder, a module with a record, nor an ISO/],
])("%s is no base", async (_, name, says) => {
  await using work = await scratch();
  await writeFile(join(work.path, "lonely.squashfs"), "hsqs");
  await writeFile(join(work.path, "text.iso"), "text");
  await expect(readBase(join(work.path, name), reading(work.path))).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(says) as string,
  });
});
