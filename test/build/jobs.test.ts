import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import type { Site } from "../../src/build/site.ts";
import { from, output, scratch } from "../../src/command.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan } from "../../src/plan/stage.ts";
import { facts, workbench } from "./workbench.ts";

const names = ["a", "b", "c", "d"];

/** Four stages that know of each other only how many run at once. */
const plan: Plan = seal(
  "demo",
  names.map((name) => ({ name, revision: 1, bytes: 1, steps: [run({ tool: "fake-work", args: [output(name)] })] })),
  names.map((name) => ({ place: from(name, name), name })),
  facts({ versions: { "fake-work": "1" } }),
);
const tools = {
  "fake-work": `here=$(dirname "$0")/..; echo + >> "$here/turns"; sleep 0.3; echo - >> "$here/turns"; echo > "$1"`,
};

test.each([1, 2, 4])("with %i jobs so many stages run at a time", async (jobs) => {
  await using bench = await workbench(tools);
  await build(plan, { ...bench.site, jobs });
  let [now, most] = [0, 0];
  for (const turn of (await readFile(join(bench.folder, "turns"), "utf8")).trim().split("\n")) {
    now += turn === "+" ? 1 : -1;
    most = Math.max(most, now);
  }
  expect(most).toBe(jobs);
});

/** mksquashfs that writes down what it was told, and a stage that runs it on a layer with this manifest. */
async function told(manifest: readonly object[], site: Partial<Site> = {}): Promise<string> {
  await using bench = await workbench({ mksquashfs: 'echo "$@" > "$2"' });
  const squash = { tar: scratch("tar"), image: output("image"), compression: "zstd", block: 4096 } as const;
  const lines = manifest.map((entry) => `${JSON.stringify(entry)}\n`).join("");
  const steps = [
    { do: "write", text: "", to: scratch("tar") },
    { do: "write", text: lines, to: output("manifest") },
    { do: "squash", squash, manifest: output("manifest") },
  ] as const;
  const squashes = seal(
    "demo",
    [{ name: "image", revision: 1, bytes: 1, steps }],
    [{ place: from("image", "image"), name: "image" }],
    facts({ versions: { mksquashfs: "1" } }),
  );
  expect(JSON.stringify(squashes)).not.toContain("-processors");
  const [made] = await build(squashes, { ...bench.site, ...site });
  return await readFile(made?.path ?? "", "utf8");
}

test("mksquashfs is told how many processors and how much memory are its own, which enters no key", async () => {
  expect(await told([], { jobs: 3, memory: 800e6 })).toMatch(/ -processors 3 -mem 762M\n$/);
});

test("mksquashfs looks for equal files, unless so many have one size that comparing them would take minutes", async () => {
  const files = (count: number): object[] =>
    Array.from({ length: count }, (_, at) => ({ path: at, type: "file", size: 7 }));
  const empty = Array.from({ length: 20_000 }, (_, at) => ({ path: `empty${String(at)}`, type: "file", size: 0 }));
  expect(await told([...files(10_000), ...empty])).not.toContain("-no-duplicates");
  expect(await told(files(10_001))).toContain(" -no-duplicates ");
});
