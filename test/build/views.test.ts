import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build, settleKnown } from "../../src/build/build.ts";
import { whyStale } from "../../src/build/why.ts";
import { from, output } from "../../src/command.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan, type Stage } from "../../src/plan/stage.ts";
import { facts, workbench, type Workbench } from "./workbench.ts";

/** A layer of two files: what the initramfs reads, and what it does not. */
const layer = (name: string, read: string, other: string): Stage => ({
  name,
  revision: 1,
  bytes: 1,
  steps: [run({ tool: "fake-layer", args: [output("."), name, read, other] })],
});
const viewer = (layers: readonly string[]): Stage => ({
  name: "initramfs",
  revision: 1,
  bytes: 1,
  view: { layers, paths: ["etc/**"], scripts: ["etc/hook"], copied: "copied" },
  steps: [run({ tool: "fake-initramfs", args: [output(".")] }, {})],
});
const medium: Stage = {
  name: "medium",
  revision: 1,
  bytes: 1,
  steps: [run({ tool: "fake-medium", args: [from("initramfs", "image"), from("top", "tree"), output("iso")] })],
};
const versions = { "fake-layer": "1", "fake-initramfs": "1", "fake-medium": "1" };

/** A base whose hook tries usr/bin/tool, and a top layer over it. */
const planned = (read: string, other: string): Plan =>
  seal(
    "demo",
    [layer("base", "hook", "nothing"), layer("top", read, other), viewer(["base", "top"]), medium],
    [{ place: from("medium", "iso"), name: "demo.iso" }],
    facts({ versions }),
  );

const tools = {
  "fake-layer": `mkdir -p "$1/tree/etc" "$1/tree/usr/bin"
folders() { case $1 in */*) folders "\${1%/*}"; printf '{"path":"%s","type":"directory","mode":"0755"}\\n' "\${1%/*}"; esac; }
echo '{"path":".","type":"directory"}' > "$1/manifest"
for f in "etc/$3" "$4"; do mkdir -p "$1/tree/\${f%/*}"; printf 'test -x /usr/bin/tool' > "$1/tree/$f"; folders "$f"
printf '{"path":"%s","type":"file","mode":"0755","uid":0,"gid":0,"mtime":1,"size":21,"sha256":"x"}\\n' "$f"; done >> "$1/manifest"
: > "$1/layer.tar"`,
  "fake-initramfs": `echo made >> "$(dirname "$0")/../made"; printf -- '-rw-r--r-- 1 root root 21 Jan 1 00:00 etc/hook\\n' > "$1/copied"; echo image > "$1/image"`,
  "fake-medium": 'cat "$1" > "$3"',
};

const fates = ({ events }: Workbench): readonly string[] =>
  events.flatMap((event) =>
    "stage" in event && ["stage-reused", "stage-finished"].includes(event.kind) ? [`${event.kind} ${event.stage}`] : [],
  );
const timesMade = async ({ folder }: Workbench): Promise<number> =>
  (await readFile(join(folder, "made"), "utf8").catch(() => "")).split("\n").filter((line) => line === "made").length;

test("a stage with a view is made once its layers are, and found again when they have not changed", async () => {
  await using bench = await workbench(tools);
  await build(planned("conf", "usr/bin/a"), bench.site);
  const [first, second, ...rest] = fates(bench);
  expect([first, second].sort()).toEqual(["stage-finished base", "stage-finished top"]);
  expect(rest).toEqual(["stage-finished initramfs", "stage-finished medium"]);
  bench.events.length = 0;
  await build(planned("conf", "usr/bin/a"), bench.site);
  expect(fates(bench)).toEqual(["stage-reused medium"]);
});

test("a layer that changes nothing of the view costs no initramfs", async () => {
  await using bench = await workbench(tools);
  await build(planned("conf", "usr/bin/a"), bench.site);
  bench.events.length = 0;
  await build(planned("conf", "usr/bin/b"), bench.site);
  expect(fates(bench)).toContain("stage-reused initramfs");
  expect(await timesMade(bench)).toBe(1);
});

test.each([
  ["a file in a folder that it reads", "other", "usr/bin/a", "etc/conf, etc/other"],
  ["a program that its hook tries, and was absent", "conf", "usr/bin/tool", "usr/bin/tool"],
])("a layer that changes %s has the initramfs made anew, and the change is named", async (_, read, other, named) => {
  await using bench = await workbench(tools);
  await build(planned("conf", "usr/bin/a"), bench.site);
  const changed = planned(read, other);
  const standing = { plan: await settleKnown(changed, bench.site.cache), cache: bench.site.cache };
  const initramfs = (plan: Plan) => plan.stages.find(({ name }) => name === "initramfs")!;
  expect(await whyStale(initramfs(standing.plan), standing)).toEqual([
    "not known yet: view of the root filesystem, whose layers are not all built",
  ]);
  const layersOnly = { ...changed, artefacts: [{ place: from("top", "tree"), name: "tree" }] };
  await build(layersOnly, bench.site);
  expect(await whyStale(initramfs(changed), { ...standing, plan: changed })).toEqual([
    `changed: view of the root filesystem: ${named}`,
  ]);
  await build(changed, bench.site);
  expect(await timesMade(bench)).toBe(2);
});

test("two builds that view the same in other layers make it once", async () => {
  await using bench = await workbench({ ...tools, "fake-initramfs": `sleep 1; ${tools["fake-initramfs"]}` });
  await Promise.all([build(planned("conf", "usr/bin/a"), bench.site), build(planned("conf", "usr/bin/b"), bench.site)]);
  expect(await timesMade(bench)).toBe(1);
});

test("what stands on a view needs neither its object nor the layers' to be known again", async () => {
  await using bench = await workbench(tools);
  const { cache, signal } = bench.site;
  const plan = planned("conf", "usr/bin/a");
  await build(plan, bench.site);
  const settled = await settleKnown(plan, cache);
  for (const name of ["base", "top", "initramfs"])
    await cache.drop(settled.stages.find((stage) => stage.name === name)?.key ?? "", signal);
  bench.events.length = 0;
  await build(plan, bench.site);
  expect(fates(bench)).toEqual(["stage-reused medium"]);
});

test("a damaged initramfs is made anew when a layer has changed as well", async () => {
  await using bench = await workbench(tools);
  const plan = planned("conf", "usr/bin/a");
  await build(plan, bench.site);
  const { key = "" } = (await settleKnown(plan, bench.site.cache)).stages.find(({ name }) => name === "initramfs")!;
  await writeFile(join(bench.site.cache.object(key), "image"), "spoilt");
  const [iso] = await build(planned("conf", "usr/bin/b"), { ...bench.site, cache: bench.fresh() });
  expect(await readFile(iso?.path ?? "", "utf8")).toBe("image\n");
  expect(await timesMade(bench)).toBe(2);
});

/** Two layers above the one that has all that an initramfs takes; the upper of them takes its time. */
const early = (read: string, other: string): Plan => {
  const view = viewer(["base", "middle", "top"]);
  return seal(
    "demo",
    [
      layer("base", "hook", "nothing"),
      layer("middle", "conf", "usr/bin/m"),
      {
        ...layer("top", read, other),
        steps: [run({ tool: "fake-slow", args: [from("middle", "tree")] }), ...layer("top", read, other).steps],
      },
      { ...view, view: { ...view.view!, from: "middle" } },
      medium,
    ],
    [{ place: from("medium", "iso"), name: "demo.iso" }],
    facts({ versions: { ...versions, "fake-slow": "1" } }),
  );
};

test("the initramfs is begun while upper layers are made, and not made again if they change nothing of it", async () => {
  await using bench = await workbench({ ...tools, "fake-slow": 'until [ -e "${0%/*}/../made" ]; do sleep 0.05; done' });
  await build(early("conf", "usr/bin/t"), bench.site);
  const told = bench.events.flatMap((event) => ("stage" in event ? [`${event.kind} ${event.stage}`] : []));
  expect(told.indexOf("stage-started initramfs")).toBeLessThan(told.indexOf("stage-finished top"));
  expect(told.at(-1)).toBe("stage-finished medium");
  expect(await timesMade(bench)).toBe(1);
});

test.each([
  ["at once, by a path that it declares", "other", "usr/bin/t", "sleep 600"],
  ["at the end, by what its hooks name", "conf", "usr/bin/tool", "sleep 1"],
])("an initramfs begun too early is given up %s", async (_, read, other, wait) => {
  const slow = `if [ -e "\${0%/*}/../begun" ]; then :; else : > "\${0%/*}/../begun"; ${wait}; fi; ${tools["fake-initramfs"]}`;
  await using bench = await workbench({
    ...tools,
    "fake-slow": 'until [ -e "${0%/*}/../begun" ]; do sleep 0.05; done',
    "fake-initramfs": slow,
  });
  await build(early(read, other), bench.site);
  expect(fates(bench).slice(-2)).toEqual(["stage-finished initramfs", "stage-finished medium"]);
  const view = bench.events.flatMap((event) => ("stage" in event && event.stage === "initramfs" ? [event.kind] : []));
  expect(view.at(-1)).toBe("stage-finished");
  expect(await bench.left()).toEqual([]);
});

test("an initramfs that cannot be made of the lower layers is made of all", async () => {
  await using bench = await workbench({
    ...tools,
    "fake-slow": 'until [ -e "${0%/*}/../begun" ]; do sleep 0.05; done',
    "fake-initramfs": `if [ -e "\${0%/*}/../begun" ]; then :; else : > "\${0%/*}/../begun"; exit 1; fi; ${tools["fake-initramfs"]}`,
  });
  await build(early("conf", "usr/bin/t"), bench.site);
  expect(bench.events.filter(({ kind }) => kind === "stage-dropped")).toHaveLength(1);
  expect(bench.events.filter(({ kind }) => kind === "stage-failed")).toEqual([]);
});

test("what else a medium is made of does not wait for the initramfs", async () => {
  const other: Stage = { name: "other", revision: 1, bytes: 1, steps: [run({ tool: "fake-other", args: [] })] };
  const both = {
    ...medium,
    steps: [...medium.steps, run({ tool: "fake-medium", args: [from("other", "."), "", output("b")] })],
  };
  const plan = seal(
    "demo",
    [layer("base", "hook", "nothing"), layer("top", "conf", "usr/bin/a"), viewer(["base", "top"]), other, both],
    [{ place: from("medium", "iso"), name: "demo.iso" }],
    facts({ versions: { ...versions, "fake-other": "1" } }),
  );
  const slow = `until [ -e "\${0%/*}/../other" ]; do sleep 0.05; done; ${tools["fake-initramfs"]}`;
  await using bench = await workbench({
    ...tools,
    "fake-other": ': > "${0%/*}/../other"',
    "fake-initramfs": slow,
    "fake-medium": ': > "$3"',
  });
  await build(plan, bench.site);
  expect(fates(bench).indexOf("stage-finished other")).toBeLessThan(fates(bench).indexOf("stage-finished initramfs"));
});

test("with one job nothing is begun early", async () => {
  await using bench = await workbench({ ...tools, "fake-slow": ":" });
  await build(early("conf", "usr/bin/t"), { ...bench.site, jobs: 1 });
  expect(fates(bench).slice(-2)).toEqual(["stage-finished initramfs", "stage-finished medium"]);
});
