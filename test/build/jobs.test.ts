import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/build/build.ts";
import { from, output } from "../../src/command.ts";
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

test("mksquashfs is told how many processors and how much memory are its own, which enters no key", async () => {
  await using bench = await workbench({ mksquashfs: 'echo "$@" > "$1"' });
  const squash = seal(
    "demo",
    [{ name: "image", revision: 1, bytes: 1, steps: [run({ tool: "mksquashfs", args: [output("image")] })] }],
    [{ place: from("image", "image"), name: "image" }],
    facts({ versions: { mksquashfs: "1" } }),
  );
  const [made] = await build(squash, { ...bench.site, jobs: 3, memory: 800e6 });
  expect(await readFile(made?.path ?? "", "utf8")).toMatch(/ -processors 3 -mem 762M\n$/);
  expect(JSON.stringify(squash)).not.toContain("-processors");
});
