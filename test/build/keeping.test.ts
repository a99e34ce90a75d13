import {
  appendFile,
  link,
  mkdir,
  open,
  readdir,
  readFile,
  rm,
  stat,
  truncate,
  utimes,
  writeFile,
} from "node:fs/promises";
import { basename, join } from "node:path";
import { expect, test } from "vitest";
import { attend, attendedSince } from "../../src/build/attendance.ts";
import { Pool } from "../../src/archive/pool.ts";
import { build } from "../../src/build/build.ts";
import { Discard } from "../../src/build/discard.ts";
import { cleaned, listed, verified } from "../../src/build/keeping.ts";
import { from, output } from "../../src/command.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan, type Stage } from "../../src/plan/stage.ts";
import { facts, workbench, type Workbench } from "./workbench.ts";

const stage = (name: string, tool: string, ...args: readonly (string | ReturnType<typeof output>)[]): Stage => ({
  name,
  revision: 1,
  bytes: 1,
  steps: [run({ tool, args })],
});
const versions = { "fake-big": "1", "fake-join": "1" };
const plan: Plan = seal(
  "demo",
  [
    stage("big", "fake-big", output("."), "3000000"),
    stage("image", "fake-join", from("big", "data"), output("fs.img")),
  ],
  [{ place: from("image", "fs.img"), name: "demo.img" }],
  facts({ versions }),
);
const tools = {
  "fake-big":
    'head -c "$2" /dev/zero | tr "\\0" a > "$1/data"; mkdir "$1/sub"; echo note > "$1/sub/small"; ln -s small "$1/sub/link"',
  "fake-join": 'head -c 1000 "$1" > "$2"',
};
const keyOf = (name: string): string => plan.stages.find((each) => each.name === name)?.key ?? "";
const keeping = ({ site }: Workbench) => ({ signal: site.signal, report: site.report });
const finished = ({ events }: Workbench): readonly string[] =>
  events.flatMap((event) => (event.kind === "stage-finished" ? [event.stage] : []));

async function overwrite(path: string, at: number): Promise<void> {
  await using file = await open(path, "r+");
  await file.write("X", at);
}

const damages: readonly [string, (object: string) => Promise<void>][] = [
  ["a file that lost its end", (object) => truncate(join(object, "data"), 2_999_999)],
  ["a file that grew", (object) => appendFile(join(object, "data"), "a")],
  ["a byte of a file's beginning", (object) => overwrite(join(object, "data"), 0)],
  ["a byte of a file's end", (object) => overwrite(join(object, "data"), 2_999_999)],
  ["a byte of a small file", (object) => overwrite(join(object, "sub/small"), 2)],
  ["a missing file", (object) => rm(join(object, "sub/small"))],
  [
    "a file in the place of a link",
    (object) => rm(join(object, "sub/link")).then(() => writeFile(join(object, "sub/link"), "small")),
  ],
  ["the ingredients", (object) => overwrite(join(object, ".ingredients.json"), 3)],
  ["the list of files", (object) => overwrite(join(object, ".inventory.json"), 0)],
  ["no list of files", (object) => rm(join(object, ".inventory.json"))],
];

test.each(damages)("an object with damage to %s is noticed, named and made again, never used", async (_, damage) => {
  await using bench = await workbench(tools);
  const { cache, signal } = bench.site;
  await build(plan, bench.site);
  await damage(cache.object(keyOf("big")));
  await cache.drop(keyOf("image"), signal);
  bench.events.length = 0;
  const fresh = { ...bench.site, cache: bench.fresh() };
  await build(plan, fresh);
  expect(finished(bench)).toEqual(["big", "image"]);
  expect(bench.events).toContainEqual({
    kind: "warning",
    text: expect.stringContaining("the finished big in the cache is damaged") as string,
  });
  expect((await stat(join(cache.object(keyOf("big")), "data"))).size).toBe(3_000_000);
});

test("verifying finds one byte in the middle of a big file, and removes that object only", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  await overwrite(join(bench.site.cache.object(keyOf("big")), "data"), 1_500_000);
  const { sound, damaged } = await verified(bench.fresh(), keeping(bench));
  expect(sound).toBe(1);
  expect(damaged).toMatchObject([{ stage: "big", faults: ["data has other content"] }]);
  expect((await listed(bench.fresh(), bench.site.signal)).map((each) => each.stage)).toEqual(["image"]);
  expect(await verified(bench.fresh(), keeping(bench))).toEqual({ sound: 1, damaged: [] });
});

const aged = async ({ site }: Workbench, name: string, days: number): Promise<void> => {
  const at = new Date(Date.now() - days * 86_400_000);
  await utimes(site.cache.object(keyOf(name)), at, at);
};

test("what was not used for longest is removed first, by age and by size, and a rehearsal removes nothing", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  await aged(bench, "big", 40);
  await aged(bench, "image", 20);
  const gone = async (limits: Parameters<typeof cleaned>[1]): Promise<readonly string[]> =>
    (await cleaned(bench.fresh(), limits, keeping(bench))).objects.map((each) => each.stage);
  expect(await gone({ maxSize: 1, dryRun: true })).toEqual(["big", "image"]);
  expect(await gone({ older: 50 * 86_400_000, dryRun: false })).toEqual([]);
  expect(await gone({ maxSize: 1_000_000, dryRun: false })).toEqual(["big"]);
  expect(await gone({ older: 10 * 86_400_000, dryRun: false })).toEqual(["image"]);
  expect(await readdir(join(bench.folder, "cache/objects"))).toEqual([]);
});

test("using an object makes it the most recently used", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  await aged(bench, "big", 10);
  await aged(bench, "image", 20);
  await build(plan, bench.site);
  expect((await listed(bench.fresh(), bench.site.signal)).map((each) => each.stage)).toEqual(["image", "big"]);
});

test("what a running build has used is not cleaned away under it", async () => {
  const waiting = 'while [ ! -e "$(dirname "$0")/../go" ]; do sleep 0.05; done; ';
  await using bench = await workbench({ ...tools, "fake-join": waiting + tools["fake-join"] });
  const running = build(plan, bench.site);
  while (!finished(bench).includes("big")) await new Promise((resolve) => setTimeout(resolve, 20));
  const { objects: gone } = await cleaned(bench.fresh(), { maxSize: 1, dryRun: false }, keeping(bench));
  expect(gone).toEqual([]);
  await writeFile(join(bench.folder, "go"), "");
  const [made] = await running;
  expect((await readFile(made?.path ?? "")).length).toBe(1000);
});

test("what a build made is not cleaned away while it is published or visited, and may be once that is over", async () => {
  await using bench = await workbench(tools);
  const clean = async (): Promise<readonly string[]> =>
    (await cleaned(bench.fresh(), { maxSize: 1, dryRun: false }, keeping(bench))).objects.map(({ stage }) => stage);
  const size = await build(plan, bench.site, async ([made]) => {
    expect(await clean()).toEqual([]);
    return (await readFile(made?.path ?? "")).length;
  });
  expect(size).toBe(1000);
  expect(await clean()).toEqual(["big", "image"]);
});

test("a build whose results cannot be used leaves no trace either", async () => {
  await using bench = await workbench(tools);
  const failing = build(plan, bench.site, () => Promise.reject(new Error("no room")));
  await expect(failing).rejects.toThrow("no room");
  expect(await attendedSince(bench.site.cache, bench.site.signal)).toBeUndefined();
});

test("no trace of a build that has ended keeps anything from being cleaned", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  expect(await attendedSince(bench.site.cache, bench.site.signal)).toBeUndefined();
});

const day = 86_400_000;

/** A pool of files, and archives that show some of them; each as it was so many days ago. */
async function stocked(
  { folder }: Workbench,
  files: Readonly<Record<string, number>>,
  archives: Readonly<Record<string, { readonly days: number; readonly shows: readonly string[] }>>,
): Promise<void> {
  const place = (name: string): string => join(folder, "cache/pool/sha256", name.slice(0, 2), name);
  const ago = (days: number): Date => new Date(Date.now() - days * day);
  for (const [name, days] of Object.entries(files)) {
    await mkdir(join(place(name), ".."), { recursive: true });
    await writeFile(place(name), "x".repeat(10_000));
    await utimes(place(name), ago(days), ago(days));
  }
  for (const [name, { days, shows }] of Object.entries(archives)) {
    const archive = join(folder, "cache/archives", name);
    await mkdir(join(archive, "main/pool"), { recursive: true });
    for (const file of shows) await link(place(file), join(archive, "main/pool", file));
    await utimes(archive, ago(days), ago(days));
  }
}

const pooled = async ({ folder }: Workbench): Promise<readonly string[]> =>
  (await readdir(join(folder, "cache/pool/sha256"), { recursive: true })).filter((name) => name.includes("/")).sort();

test("states of archives that nobody used for so long go, with the files that no other state shows", async () => {
  await using bench = await workbench(tools);
  await stocked(
    bench,
    { aa1: 50, bb2: 50, cc3: 50, dd4: 50, ee5: 0 },
    { old: { days: 40, shows: ["aa1", "bb2"] }, new: { days: 2, shows: ["bb2", "cc3"] } },
  );
  const limits = { older: 30 * day, dryRun: true };
  const told = await cleaned(bench.fresh(), limits, keeping(bench));
  const names = (supplies: readonly { path: string }[]): readonly string[] =>
    supplies.map(({ path }) => basename(path));
  expect({ archives: names(told.archives), pool: names(told.pool) }).toEqual({
    archives: ["old"],
    pool: ["aa1", "dd4"],
  });
  expect(await pooled(bench)).toHaveLength(5);
  expect(await cleaned(bench.fresh(), { ...limits, dryRun: false }, keeping(bench))).toEqual(told);
  expect(await readdir(join(bench.folder, "cache/archives"))).toEqual(["new"]);
  expect(await pooled(bench)).toEqual(["bb/bb2", "cc/cc3", "ee/ee5"]);
  expect(await bench.left()).toEqual([]);
});

test("a limit of size takes files that no archive shows, and no archive", async () => {
  await using bench = await workbench(tools);
  await stocked(bench, { aa1: 50, dd4: 50 }, { old: { days: 40, shows: ["aa1"] } });
  await cleaned(bench.fresh(), { maxSize: 1, dryRun: false }, keeping(bench));
  expect(await pooled(bench)).toEqual(["aa/aa1"]);
});

test("what a build looked at since it began stays in the pool, and so does the archive it goes by", async () => {
  await using bench = await workbench(tools);
  const content = Buffer.from("a package");
  const pool = new Pool(join(bench.folder, "cache"));
  const kept = await pool.add(content);
  await stocked(bench, { dd4: 50 }, {});
  await utimes(pool.path(kept), new Date(0), new Date(0));
  const state = bench.site.archive;
  await mkdir(state.folder, { recursive: true });
  await utimes(state.folder, new Date(0), new Date(0));
  await using _running = await attend(bench.site.cache, bench.site.signal);
  await state.use();
  expect(await pool.has(kept)).toBe(true);
  await cleaned(bench.fresh(), { older: 1, dryRun: false }, keeping(bench));
  expect(await pooled(bench)).toEqual([`${kept.slice(0, 2)}/${kept}`]);
  expect(await readdir(join(bench.folder, "cache/archives"))).toEqual([basename(state.folder)]);
});

test("an object or a file that is used while it goes comes back", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  await aged(bench, "big", 40);
  const [object] = (await listed(bench.fresh(), bench.site.signal)).filter(({ stage }) => stage === "big");
  await bench.site.cache.use(keyOf("big"));
  await using discard = await Discard.open(bench.site.cache.root, bench.site.signal);
  expect(await bench.site.cache.dropAll([object!], discard)).toEqual([]);
  expect(await discard.take({ path: join(bench.folder, "nowhere"), unless: Infinity })).toBe(false);
  await discard.empty(bench.site.signal);
  expect(await bench.fresh().has(keyOf("big"))).toBe(true);
});

test("cleaning that is interrupted leaves nothing half, and the next one removes what is left", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  await stocked(bench, { aa1: 50 }, { old: { days: 40, shows: ["aa1"] } });
  for (const name of ["big", "image"]) await aged(bench, name, 40);
  const begun = join(bench.folder, "begun");
  await writeFile(join(bench.folder, "bin/rm"), `#!/bin/sh\n: > "${begun}"; sleep 60\n`, { mode: 0o755 });
  const stop = new AbortController();
  const limits = { older: day, dryRun: false };
  const cleaning = cleaned(bench.fresh(), limits, { ...keeping(bench), signal: stop.signal });
  while (!(await stat(begun).catch(() => false))) await new Promise((resolve) => setTimeout(resolve, 20));
  const [left] = await bench.left();
  await bench
    .fresh()
    .sweep(bench.site.signal)
    .catch(() => undefined); // Another build begins: what is held is not its to sweep.
  expect(await readdir(join(bench.folder, "cache/drafts", left ?? ""))).toHaveLength(4);
  stop.abort(new Error("stopped"));
  await expect(cleaning).rejects.toThrow();
  expect(await readdir(join(bench.folder, "cache/objects"))).toEqual([]);
  await rm(join(bench.folder, "bin/rm"));
  await cleaned(bench.fresh(), limits, keeping(bench));
  expect(await bench.left()).toEqual([]);
  await build(plan, { ...bench.site, cache: bench.fresh() });
});

test("two cleanings at once remove everything once", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  for (const name of ["big", "image"]) await aged(bench, name, 40);
  const both = await Promise.all(
    [1, 2].map(() => cleaned(bench.fresh(), { older: day, dryRun: false }, keeping(bench))),
  );
  expect(both.flatMap(({ objects }) => objects.map(({ stage }) => stage)).sort()).toEqual(["big", "image"]);
  expect(await bench.left()).toEqual([]);
});
