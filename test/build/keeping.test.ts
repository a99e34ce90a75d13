import { appendFile, open, readdir, readFile, rm, stat, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
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
    (await cleaned(bench.fresh(), limits, keeping(bench))).map((each) => each.stage);
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
  const gone = await cleaned(bench.fresh(), { maxSize: 1, dryRun: false }, keeping(bench));
  expect(gone).toEqual([]);
  await writeFile(join(bench.folder, "go"), "");
  const [made] = await running;
  expect((await readFile(made?.path ?? "")).length).toBe(1000);
});

test("no trace of a build that has ended keeps anything from being cleaned", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  expect(await bench.site.cache.attendedSince(bench.site.signal)).toBeUndefined();
});
