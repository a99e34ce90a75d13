import { appendFile, copyFile, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { inWords, judge, type Outcome, type Reproduced } from "../../src/cli/reproduced.ts";
import { digestsOf } from "../../src/system/digests.ts";
import { exists } from "../../src/system/files.ts";
import { Workshop } from "../audit/medium.ts";

const path = process.env["PATH"] ?? "";
let workshop: Workshop;
let folder: string;
let iso: string;
let other: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  iso = await workshop.make();
  other = await workshop.make({ after: ({ tree }) => appendFile(join(tree, ".disk/info"), "tampered\n") });
});
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "livewright-verdict-"));
  process.env["PATH"] = `${folder}:${path}`;
  return async () => {
    process.env["PATH"] = path;
    await rm(folder, { recursive: true, force: true });
  };
});
afterAll(() => workshop[Symbol.asyncDispose]());

const sha256 = async (file: string): Promise<string> => (await digestsOf(file, ["sha256"]))[0] ?? "";

/** The judgement of a build that gave `made`, where build.json was written for `recorded`. */
async function judged(made: string, recorded: string, more: Partial<Outcome> = {}): Promise<Reproduced> {
  const [then, now] = [await sha256(recorded), await sha256(made)];
  return judge({
    name: "sample.iso",
    recorded: { iso: then, files: { "/live/vmlinuz": "same", "/live/initrd.img": then } },
    rebuilt: { iso: now, files: { "/live/vmlinuz": "same", "/live/initrd.img": now } },
    made,
    published: recorded,
    warnings: [],
    folder,
    signal: new AbortController().signal,
    ...more,
  });
}

/** A diffoscope that does what the lines of shell say. */
const diffoscope = (...lines: readonly string[]): Promise<void> =>
  writeFile(join(folder, "diffoscope"), `#!/bin/sh\n${lines.join("\n")}\n`, { mode: 0o755 });

test("the same bytes are the same build, and diffoscope is not asked", async () => {
  await diffoscope("exit 2");
  const outcome = await judged(await copyOf(iso), iso);
  expect(outcome).toMatchObject({ same: true, differences: [], diffoscope: { state: "not needed" } });
  expect(inWords(outcome)).toBe(`${await sha256(iso)}  sample.iso\nBuilt again, it is the same.`);
});

test("where the published ISO is not there, the recorded digests are compared, and the parts that differ are named", async () => {
  expect(await judged(iso, iso, { published: undefined })).toMatchObject({ same: true });
  const outcome = await judged(other, iso, { published: undefined });
  expect(outcome).toMatchObject({ same: false, differences: [] });
  expect(inWords(outcome)).toContain("as recorded  /live/vmlinuz\nDIFFERS      /live/initrd.img");
});

test("a published ISO that is not the recorded one is not the same, whatever the build gives", async () => {
  const outcome = await judged(iso, iso, { published: other });
  expect(outcome).toMatchObject({ same: false, published: await sha256(other) });
  expect(outcome.differences.map(({ path }) => path)).toContain("/.disk/info");
});

test("a record that neither the published ISO nor the build fits is told without a difference between the two", async () => {
  expect(await judged(await copyOf(iso), other, { published: iso })).toMatchObject({ same: false, differences: [] });
});

test("diffoscope is shown copies of the files that differ, and what it says is told", async () => {
  await diffoscope('echo "$@" > "$0.args"', "diff -r published rebuilt", "exit 1");
  const outcome = await judged(other, iso);
  expect(outcome.diffoscope).toMatchObject({ state: "ran", left: 0 });
  expect(inWords(outcome)).toMatch(/diffoscope says[^]*> tampered/);
  expect(await readFile(join(folder, "diffoscope.args"), "utf8")).toMatch(/--text - .* published rebuilt\n$/);
});

test("of what diffoscope says no more than a few hundred lines are shown, without control characters", async () => {
  await diffoscope("seq 1000", "printf '\\033[31mred\\033[0m\\n'", "exit 1");
  const { diffoscope: shown } = await judged(other, iso);
  expect(shown).toMatchObject({ state: "ran", left: 601 });
  await diffoscope("printf '\\033[31mred\\007\\n'", "exit 1");
  await rm(join(folder, "compared"), { recursive: true });
  expect(inWords(await judged(other, iso))).not.toMatch(/[\u001b\u0007]/);
});

test("a diffoscope that fails is told, and the verdict is the same", async () => {
  await diffoscope("echo out of order >&2", "exit 2");
  const outcome = await judged(other, iso);
  expect(outcome).toMatchObject({ same: false, diffoscope: { state: "failed" } });
  expect(inWords(outcome)).toMatch(/diffoscope could not say more: [^]*out of order/);
});

test("without diffoscope, what to install is told", async () => {
  if (await exists("/usr/bin/diffoscope")) process.env["PATH"] = await onlyTools();
  expect(inWords(await judged(other, iso))).toContain("apt install diffoscope-minimal");
});

test("stopped while diffoscope runs, it ends at once and leaves no process", async () => {
  await diffoscope('echo $$ > "$0.pid"', "trap '' TERM", "sleep 1000 & wait; wait");
  const stop = new AbortController();
  const judging = judged(other, iso, { signal: stop.signal });
  const pid = join(folder, "diffoscope.pid");
  while (!(await exists(pid))) await new Promise((resolve) => setTimeout(resolve, 20));
  stop.abort();
  await expect(judging).rejects.toMatchObject({ code: "interrupted" });
  expect(await exists(`/proc/${(await readFile(pid, "utf8")).trim()}`)).toBe(false);
});

async function copyOf(file: string): Promise<string> {
  const copy = join(folder, "copy.iso");
  await copyFile(file, copy);
  return copy;
}

/** Links to all tools but diffoscope. */
async function onlyTools(): Promise<string> {
  const tools = join(folder, "tools");
  await mkdir(tools);
  for (const name of await readdir("/usr/bin"))
    if (name !== "diffoscope") await symlink(`/usr/bin/${name}`, join(tools, name));
  return tools;
}
