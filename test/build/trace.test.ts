import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { Trace } from "../../src/build/trace.ts";
import { from, output } from "../../src/command.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan } from "../../src/plan/stage.ts";
import { facts, workbench, type Workbench } from "./workbench.ts";

interface Span {
  readonly name: string;
  readonly ph: string;
  readonly ts: number;
  readonly dur?: number;
  readonly tid: number;
  readonly args?: { readonly name: string };
}

const plan: Plan = seal(
  "demo",
  [
    { name: "slow", revision: 1, bytes: 1, steps: [run({ tool: "fake-slow", args: [output("x")] })] },
    {
      name: "image",
      revision: 1,
      bytes: 1,
      steps: [
        { do: "copy", from: from("slow", "x"), to: output("y") },
        run({ tool: "fake-quick", args: [output("z")] }),
      ],
    },
  ],
  [{ place: from("image", "z"), name: "z" }],
  facts({ versions: { "fake-slow": "1", "fake-quick": "1" } }),
);
const tools = { "fake-slow": 'sleep 0.3; echo > "$1"', "fake-quick": 'echo > "$1"' };

async function traced(bench: Workbench): Promise<readonly Span[]> {
  const path = join(bench.folder, "trace.json");
  const trace = await Trace.into(path);
  await build(plan, { ...bench.site, report: trace.listen(bench.site.report), timed: trace.timed });
  await trace.save();
  return (JSON.parse(await readFile(path, "utf8")) as { traceEvents: readonly Span[] }).traceEvents;
}

test("a trace has a row for each stage, its steps within it, and nothing before what it waited for", async () => {
  await using bench = await workbench(tools);
  const events = await traced(bench);
  const rows = new Map(events.flatMap(({ ph, tid, args }) => (ph === "M" ? [[tid, args?.name]] : [])));
  const spans = events.filter(({ ph }) => ph === "X");
  expect(spans.map(({ name, tid }) => [rows.get(tid), name])).toEqual([
    ["slow", "run fake-slow x"],
    ["slow", "slow"],
    ["image", "copy y"],
    ["image", "run fake-quick z"],
    ["image", "image"],
  ]);
  const [, slow, copy, , image] = spans as [Span, Span, Span, Span, Span];
  expect(slow.dur).toBeGreaterThan(290_000);
  expect(image.ts).toBeGreaterThanOrEqual(slow.ts + (slow.dur ?? 0));
  expect(copy.ts).toBeGreaterThanOrEqual(image.ts);
  expect(copy.ts + (copy.dur ?? 0)).toBeLessThanOrEqual(image.ts + (image.dur ?? 0));
});

test("a stage that is reused leaves its mark in a trace", async () => {
  await using bench = await workbench(tools);
  await build(plan, bench.site);
  expect((await traced(bench)).filter(({ ph }) => ph === "X").map(({ name }) => name)).toEqual(["image, reused"]);
});

test.each(["folder", "file/trace.json", "/proc/sys/kernel/trace.json"])(
  "a trace that could not be written to %s is refused before there is anything to write",
  async (name) => {
    await using bench = await workbench({});
    await writeFile(join(bench.folder, "file"), "");
    await mkdir(join(bench.folder, "folder"));
    const path = resolve(bench.folder, name);
    await expect(Trace.into(path)).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining(`the trace cannot be written to ${path}: `) as string,
      remedy: "name another file with --trace",
    });
  },
);

test("what a file holds stays until the trace is there, and without a file there is none", async () => {
  await using bench = await workbench({});
  const path = join(bench.folder, "deep/trace.json");
  await mkdir(join(bench.folder, "deep"));
  await writeFile(path, "the last trace");
  const trace = await Trace.into(path);
  expect(await readFile(path, "utf8")).toBe("the last trace");
  await trace.save();
  expect(await readFile(path, "utf8")).toContain("traceEvents");
  await (await Trace.into(undefined)).save();
});
