import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { attend } from "../../src/build/attendance.ts";
import { build } from "../../src/build/build.ts";
import { from, output } from "../../src/command.ts";
import { seal } from "../../src/plan/seal.ts";
import { run, type Plan, type Stage } from "../../src/plan/stage.ts";
import { facts, workbench } from "./workbench.ts";

const bootstrap: Stage = {
  name: "root",
  revision: 1,
  bytes: 1,
  steps: [run({ tool: "fake-bootstrap", args: ["bookworm", output("tree")] })],
};
const squash: Stage = {
  name: "image",
  revision: 1,
  bytes: 1,
  steps: [run({ tool: "fake-squash", args: [from("root", "tree"), output("fs.img")] })],
};
const versions = { "fake-bootstrap": "1", "fake-squash": "1" };
const planned = (stages: readonly Stage[] = [bootstrap, squash]): Plan =>
  seal("demo", stages, [{ place: from("image", "fs.img"), name: "demo.img" }], facts({ versions }));

const good = {
  "fake-bootstrap": 'mkdir -p "$2"; echo "$1" > "$2/suite"; echo bootstrapped',
  "fake-squash": 'cat "$1/suite" > "$2"',
};
const told = (events: readonly { kind: string; stage?: string }[]): string[] =>
  events.filter(({ kind }) => kind.startsWith("stage-")).map(({ kind, stage = "" }) => `${kind.slice(6)} ${stage}`);

test("a plan is built once and then reused", async () => {
  await using bench = await workbench(good);
  const [image] = await build(planned(), bench.site);
  expect(await readFile(image?.path ?? "", "utf8")).toBe("bookworm\n");
  await build(planned(), bench.site);
  expect(told(bench.events)).toEqual([
    ...["started root", "finished root", "started image", "finished image"],
    "reused image",
  ]);
  expect(await bench.left()).toEqual([]);
});

test("a failing tool leaves no draft and says the stage, what it printed and where the log is", async () => {
  await using bench = await workbench({ ...good, "fake-squash": "echo nothing to squash >&2; exit 3" });
  await expect(build(planned(), bench.site)).rejects.toMatchObject({
    code: "step-failed",
    message: `image: fake-squash exited with status 3\nnothing to squash\nThe whole log: ${bench.site.logFile}`,
  });
  expect(await bench.left()).toEqual([]);
  expect(told(bench.events)).toEqual(["started root", "finished root", "started image", "failed image"]);
});

test("offline, a step that reaches the network is refused before it runs", async () => {
  await using bench = await workbench({ unshare: "touch ran", ...good });
  const sandbox = { lowers: [], hostname: "demo", network: true };
  const online = { ...bootstrap, steps: [run({ tool: "sh", args: [output("tree")] }, { in: sandbox })] };
  const plan = seal(
    "demo",
    [online],
    [{ place: from("root", "tree"), name: "tree" }],
    facts({ versions: { sh: "1" }, digests: { "program:hooks/enter": "its digest" } }),
  );
  await expect(build(plan, bench.site)).rejects.toMatchObject({
    code: "host-unready",
    remedy: "do the same once without --offline",
  });
  expect(told(bench.events)).toEqual(["started root", "failed root"]);
});

test.each([
  "write: No space left on device",
  "xorriso : FAILURE : Image size 813126s exceeds free space on media 208970s",
])("a tool that finds the disk full is told as having no space: %s", async (said) => {
  await using bench = await workbench({ ...good, "fake-squash": `echo '${said}' >&2; exit 1` });
  await expect(build(planned(), bench.site)).rejects.toMatchObject({ code: "no-space" });
});

test("with keepFailed a failed stage's draft stays and its place is told", async () => {
  await using bench = await workbench({ ...good, "fake-squash": 'echo half > "$2"; exit 1' });
  await expect(build(planned(), { ...bench.site, keepFailed: true })).rejects.toMatchObject({ code: "step-failed" });
  const [kept = ""] = await readdir(join(bench.folder, "cache/kept"));
  expect(await readFile(join(bench.folder, "cache/kept", kept, "out/fs.img"), "utf8")).toBe("half\n");
  expect(bench.events).toContainEqual({ kind: "note", text: expect.stringContaining(kept) as string });
  expect(await bench.left()).toEqual([]);
});

test("a draft of a build that still runs is left alone", async () => {
  await using bench = await workbench(good);
  await using _held = await bench.site.cache.hold("other", bench.stop.signal, () => undefined);
  const draft = await bench.site.cache.draft("other");
  await build(planned(), bench.site);
  expect(await bench.left()).toEqual([basename(draft.path)]);
});

test("a draft that a dead build left is cleared away by the next", async () => {
  await using bench = await workbench(good);
  const left = join(bench.folder, "cache/drafts", "4711.dead");
  await mkdir(join(left, "out"), { recursive: true });
  await build(planned(), bench.site);
  expect(await bench.left()).toEqual([]);
});

test("an abort stops grandchildren too and leaves nothing behind", async () => {
  await using bench = await workbench({ ...good, "fake-bootstrap": '(sleep 4242; true) & echo $! > "$2.pid"; wait' });
  const pidFile = async (): Promise<string> => {
    const [draft = ""] = await bench.left();
    return readFile(join(bench.folder, "cache/drafts", draft, "out/tree.pid"), "utf8");
  };
  const done = build(planned(), bench.site);
  done.catch(() => undefined);
  let pid = "";
  for (let tries = 0; pid === "" && tries < 200; tries += 1) {
    await sleep(20);
    pid = await pidFile().catch(() => "");
  }
  bench.stop.abort();
  await expect(done).rejects.toMatchObject({ code: "interrupted" });
  expect(await stateOf(pid.trim())).toMatch(/gone|Z/);
  expect(await bench.left()).toEqual([]);
});

test("what one stage's failure stops is not told as a failure of its own", async () => {
  const slow: Stage = { ...squash, name: "slow", steps: [run({ tool: "fake-slow", args: [output("x")] })] };
  await using bench = await workbench({ ...good, "fake-slow": "sleep 30", "fake-squash": "exit 9" });
  const plan = seal(
    "demo",
    [bootstrap, squash, slow],
    [
      { place: from("image", "fs.img"), name: "a" },
      { place: from("slow", "x"), name: "b" },
    ],
    facts({ versions: { ...versions, "fake-slow": "1" } }),
  );
  await expect(build(plan, bench.site)).rejects.toMatchObject({
    message: expect.stringContaining("status 9") as string,
  });
});

test("two builds of one plan make each stage once, and the one that waits says so", async () => {
  await using bench = await workbench({ ...good, "fake-bootstrap": `sleep 1; ${good["fake-bootstrap"]}` });
  await Promise.all([build(planned(), bench.site), build(planned(), bench.site)]);
  const notes = bench.events.flatMap((event) => (event.kind === "note" ? [event.text] : []));
  expect(notes).toContain("another build is making root; waiting for it");
  const object = bench.site.cache.object(planned().stages[0]?.key ?? "");
  expect(await readFile(join(object, "tree/suite"), "utf8")).toBe("bookworm\n");
});

test("a stage that only has to come first is built before and is not part of the key", async () => {
  const later: Stage = { ...squash, after: ["extra"] };
  const extra: Stage = {
    ...bootstrap,
    name: "extra",
    steps: [run({ tool: "fake-bootstrap", args: ["sid", output("tree")] })],
  };
  await using bench = await workbench(good);
  const plan = planned([bootstrap, extra, later]);
  await build(plan, bench.site);
  expect(told(bench.events).indexOf("finished extra")).toBeLessThan(told(bench.events).indexOf("started image"));
  expect(plan.stages[2]?.key).toBe(planned().stages[1]?.key);
});

test("an object is named only once all of it is there", async () => {
  await using bench = await workbench({ ...good, "fake-bootstrap": 'mkdir -p "$2"; kill -9 $$' });
  await expect(build(planned(), bench.site)).rejects.toMatchObject({
    message: expect.stringContaining("SIGKILL") as string,
  });
  await expect(stat(bench.site.cache.object(planned().stages[0]?.key ?? ""))).rejects.toMatchObject({ code: "ENOENT" });
});

const stateOf = (pid: string): Promise<string> =>
  readFile(`/proc/${pid}/stat`, "utf8").then(
    (text) => text.split(") ")[1]?.[0] ?? "gone",
    () => "gone",
  );

test("a safety copy goes when nothing is left that could need it, not only when the build is over", async () => {
  const copy: Stage = { ...bootstrap, name: "copy", passing: true };
  const image: Stage = { ...squash, after: ["copy"] };
  const medium: Stage = {
    ...squash,
    name: "medium",
    steps: [run({ tool: "fake-medium", args: [from("image", "."), output("iso")] })],
  };
  const tools = facts({ versions: { ...versions, "fake-medium": "1" } });
  const plan = seal("demo", [bootstrap, copy, image, medium], [{ place: from("medium", "iso"), name: "a" }], tools);
  const object = `objects/${plan.stages[1]?.key ?? ""}`;
  await using bench = await workbench({
    ...good,
    "fake-squash": `[ -e "$(dirname "$0")/../cache/${object}" ] && ${good["fake-squash"]}`,
    "fake-medium": `until [ ! -e "$(dirname "$0")/../cache/${object}" ]; do sleep 0.05; done; touch "$2"`,
  });
  await build(plan, bench.site);
  expect(await bench.left()).toEqual([]);
});

test("a safety copy stays for a stage that names it in its failure", async () => {
  const copy: Stage = { ...bootstrap, name: "copy", passing: true };
  const image: Stage = { ...squash, keeps: from("copy", "tree") };
  const medium: Stage = {
    ...squash,
    name: "medium",
    steps: [run({ tool: "fake-squash", args: [from("copy", "tree"), output("iso")] })],
  };
  const plan = seal(
    "demo",
    [bootstrap, copy, medium, image],
    [
      { place: from("medium", "iso"), name: "a" },
      { place: from("image", "fs.img"), name: "b" },
    ],
    facts({ versions }),
  );
  await using bench = await workbench({
    ...good,
    "fake-squash": `case $2 in *iso) cp "$1/suite" "$2" ;; *) sleep 1; exit 3 ;; esac`,
  });
  await expect(build(plan, bench.site)).rejects.toMatchObject({
    message: expect.stringContaining("is kept") as string,
  });
  expect(await bench.fresh().has(plan.stages[1]?.key ?? "")).toBe(true);
});

test("a safety copy stays while another build may be reading it", async () => {
  const copy: Stage = { ...bootstrap, name: "copy", passing: true };
  const reader = (name: string): Stage => ({
    ...squash,
    name,
    steps: [run({ tool: `fake-${name}`, args: [from("copy", "tree"), output("fs.img")] })],
  });
  const planOf = (name: string): Plan =>
    seal(
      "demo",
      [copy, reader(name)],
      [{ place: from(name, "fs.img"), name: "demo.img" }],
      facts({ versions: { ...versions, "fake-quick": "1", "fake-slow": "1" } }),
    );
  await using bench = await workbench({
    ...good,
    "fake-quick": good["fake-squash"],
    "fake-slow": `sleep 2; ${good["fake-squash"]}`,
  });
  const slow = build(planOf("slow"), { ...bench.site, cache: bench.fresh() });
  await build(planOf("quick"), bench.site);
  await expect(slow).resolves.toHaveLength(1);
});

test("a safety copy that another build begins to read, just when it is to go, stays", async () => {
  const copy: Stage = { ...bootstrap, name: "copy", passing: true };
  const reader: Stage = {
    ...squash,
    steps: [run({ tool: "fake-squash", args: [from("copy", "tree"), output("fs.img")] })],
  };
  const plan = planned([copy, reader]);
  const [key = ""] = plan.stages.map((stage) => stage.key);
  await using bench = await workbench({
    ...good,
    flock: `echo "$*" >> "$(dirname "$0")/../locks"; exec /usr/bin/flock "$@"`,
  });
  const { cache, signal } = bench.site;
  {
    await using _other = await attend(cache, signal);
    await build(plan, bench.site);
  }
  const asked = async (): Promise<number> => (await readFile(join(bench.folder, "locks"), "utf8")).split(key).length;
  const reading = await cache.hold(key, signal, () => undefined);
  const before = await asked();
  const ending = build(plan, bench.site);
  while ((await asked()) === before) await sleep(20);
  await bench.fresh().use(key);
  await reading[Symbol.asyncDispose]();
  await ending;
  expect(await bench.fresh().has(key)).toBe(true);
  await build(plan, bench.site);
  expect(await bench.fresh().has(key)).toBe(false);
});

test("two builds that meet the same damaged object make it anew, and both go on", async () => {
  await using bench = await workbench({ ...good, "fake-bootstrap": `sleep 0.5; ${good["fake-bootstrap"]}` });
  await build(planned(), bench.site);
  for (const stage of planned().stages) {
    const object = bench.site.cache.object(stage.key ?? "");
    await writeFile(join(object, stage.name === "root" ? "tree/suite" : "fs.img"), "spoilt");
  }
  const again = [0, 1].map(() => build(planned(), { ...bench.site, cache: bench.fresh() }));
  const made = await Promise.all(again);
  for (const [image] of made) expect(await readFile(image?.path ?? "", "utf8")).toBe("bookworm\n");
  expect(await bench.left()).toEqual([]);
});

/** What a build's objects say of themselves. */
async function lists(folder: string): Promise<readonly string[]> {
  const objects = join(folder, "cache/objects");
  const keys = await readdir(objects);
  return Promise.all(keys.map((key) => readFile(join(objects, key, ".inventory.json"), "utf8")));
}

test("what is made goes to the disk while the next stage works on it, and is there when the build ends", async () => {
  await using bench = await workbench({
    ...good,
    find: 'here=$(dirname "$0")/..; until [ -e "$here/squashed" ]; do sleep 0.05; done; exec /usr/bin/find "$@"',
    "fake-squash": `here=$(dirname "$0")/..; grep -l '"start"' "$here"/cache/objects/*/.inventory.json > "$here/squashed"; ${good["fake-squash"]}`,
  });
  await build(planned(), bench.site);
  expect(await readFile(join(bench.folder, "squashed"), "utf8")).toMatch(/^\S.*\.inventory\.json\n$/);
  const found = await lists(bench.folder);
  expect(found).toHaveLength(2);
  for (const list of found) expect(list).not.toContain('"start"');
});

test("what cannot be brought to the disk is no object, and fails the build", async () => {
  await using bench = await workbench({ ...good, find: "echo find: input/output error >&2; exit 1" });
  await expect(build(planned(), bench.site)).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringContaining("input/output error") as string,
  });
  expect(await readdir(join(bench.folder, "cache/objects"))).toEqual([]);
});
