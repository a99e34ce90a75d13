import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseRecord } from "../src/netboot/record.ts";
import { livewright, testCache, type Outcome } from "./livewright.ts";
import { planted } from "./restack/modules.ts";
import { recipeFolder } from "./workshop.ts";

/** MoDe's tree on the smallest system: console, and on it two that hold only configuration. */
const recipes = {
  "console/recipe.yaml": "name: console\nextends: minimal\nlayers: [{ name: console, files: overlay }]\n",
  "console/overlay/etc/console": "1\n",
  "smtp/recipe.yaml": "name: smtp\nextends: ../console\nlayers: [{ name: smtp, files: overlay }]\n",
  "smtp/overlay/etc/smtp": "1\n",
  "web/recipe.yaml": "name: web\nextends: ../console\nlayers: [{ name: web, files: overlay }]\n",
  "web/overlay/etc/web": "1\n",
};

let folder: Awaited<ReturnType<typeof recipeFolder>>;
let out: string;
beforeAll(async () => {
  folder = await recipeFolder(recipes);
  out = await mkdtemp(join(tmpdir(), "livewright-modules-"));
});
afterAll(async () => {
  await folder[Symbol.asyncDispose]();
  await rm(out, { recursive: true });
});

const verb = (...words: readonly string[]): Promise<Outcome> =>
  livewright([...words, "--in", folder.path, "-o", out, "--cache", testCache, "--progress", "plain"]);

/** What became of each module, without the reasons. */
const fates = ({ stdout }: Outcome): Readonly<Record<string, string>> =>
  Object.fromEntries(
    [...stdout.matchAll(/^(\w[\w ]*?) {2,}([\w-]+)(?::.*)?$/gm)].map(([, fate = "", chain = ""]) => [chain, fate]),
  );
const stages = ({ stderr }: Outcome): readonly string[] =>
  [...stderr.matchAll(/^\[[\d /]+\] (\S+): done/gm)].map(([, stage = ""]) => stage).sort();
const console = "base-essential-minimal-console";
const record = async (chain: string) => parseRecord(await readFile(join(out, `${chain}.module`), "utf8"));

test("make refuses to make what an image stands on, and makeall makes it", async () => {
  const refused = await verb("make", "smtp");
  expect([refused.status, await readdir(out)]).toEqual([2, []]);
  expect(refused.stderr).toMatch(/base-essential-minimal-console: it is not there\nTry: livewright makeall smtp\n$/);
  const { status, stderr } = await verb("makeall", "smtp");
  expect([status, stderr]).toEqual([0, expect.not.stringMatching(/ (iso|initramfs|pictures|raw|medium)\b/)]);
  expect(await record(`${console}-smtp-settings`)).toMatchObject({ configuration: true, name: "settings" });
  expect(await record("base-essential")).toMatchObject({ configuration: false });
  expect(fates(await verb("make", "web"))[`${console}-web`]).toBe("made");
});

test("updateall finds nothing to do, and after a layer was touched exactly its dependants", async () => {
  await verb("makefound");
  const idle = await verb("updateall");
  expect([new Set(Object.values(fates(idle))), stages(idle)]).toEqual([new Set(["was current"]), []]);
  await writeFile(join(folder.path, "smtp/overlay/etc/smtp"), "2\n");
  const { stdout } = await verb("updateall", "--dry-run");
  expect(stdout).toContain(`to make  ${console}-smtp: changed: source recipe-2:overlay\n`);
  const done = await verb("updateall");
  expect(Object.entries(fates(done)).filter(([, fate]) => fate !== "was current")).toEqual([
    [`${console}-smtp`, "made"],
    [`${console}-smtp-settings`, "made"],
  ]);
  expect(stages(done)).toEqual(["layer-settings", "layer-smtp", "squashfs-settings", "squashfs-smtp"]);
});

test("configuration is kept and restacked if asked for, and so is a module that a user saved", async () => {
  await verb("makefound");
  const below = await Promise.all(
    ["base", "base-essential", "base-essential-minimal", console].map(async (chain) => ({
      file: join(out, `${chain}.squashfs`),
      record: await record(chain),
    })),
  );
  const saved = await planted(out, "saved", { below, plants: [{ path: "etc/saved", content: "mine\n" }] });
  const before = await stat(join(out, `${console}-web.squashfs`));
  await writeFile(join(folder.path, "console/overlay/etc/console"), "2\n");
  const done = await verb("updateall", "--keep-configuration");
  expect(done.status).toBe(0);
  expect(fates(done)).toMatchObject({
    [`${console}-web`]: "restacked",
    [`${console}-smtp-settings`]: "restacked",
  });
  expect((await stat(join(out, `${console}-web.squashfs`))).ino).toBe(before.ino);
  expect(await record(`${console}-web`)).toMatchObject({ parent: (await record(console)).sha256 });
  expect(done.stderr).toContain("these stand on modules that are no more: saved;");

  const onto = join(out, `${console}.module`);
  const moved = await livewright(["restack", saved.file, "--onto", onto, "--cache", testCache]);
  expect([moved.status, moved.stdout]).toEqual([0, `${saved.file} is ${console}-saved now\n`]);
  const clash = await planted(out, "clash", { below, plants: [{ path: "etc/console", content: "mine\n" }] });
  const refused = await livewright(["restack", clash.file, "--onto", onto, "--cache", testCache]);
  expect([refused.status, refused.stdout]).toEqual([
    4,
    "etc/console: it has other content in the base, and the module has its own file\n",
  ]);
});
