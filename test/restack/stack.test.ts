import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { cp, mkdir, readdir, readFile, rename, stat, symlink, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { filesIn } from "../../src/build/checksums.ts";
import { parseList } from "../../src/netboot/list.ts";
import { renderRecord, type ModuleRecord } from "../../src/netboot/record.ts";
import { stackModule, unstackModule, type Stacking } from "../../src/restack/stack-module.ts";
import { lock } from "../../src/system/lock.ts";
import { sha256 } from "../archive/repository.ts";
import { never } from "../build/plant.ts";
import { checkout, livewright } from "../livewright.ts";
import { Bench } from "../netboot/folder.ts";
import { planted } from "./modules.ts";

let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

const contentOf = async (folder: string): Promise<Readonly<Record<string, string>>> =>
  Object.fromEntries(
    await Promise.all(
      (await filesIn(folder)).map(async (path): Promise<[string, string]> => [
        path,
        sha256(await readFile(join(folder, path))),
      ]),
    ),
  );

const listed = async (folder: string, name: string) =>
  parseList(await readFile(join(folder, `lists/${name}.modules`), "utf8"));

/** A module that a user has saved on the folder's own modules. */
async function saved(folder: string, name = "saved", change: Partial<ModuleRecord> = {}): Promise<string> {
  const { chain, modules } = await listed(folder, "default");
  const at = `${folder}.saved`;
  await mkdir(at, { recursive: true });
  const { file, record } = await planted(at, name, { plants: [{ path: `etc/${name}`, content: name }] });
  const below = modules.map((module) => module.sha256);
  const stands = { ...record, chain: `${chain}-${name}`, parent: below.at(-1)!, below, ...change };
  await writeFile(file.replace(".squashfs", ".module"), renderRecord(stands));
  return file;
}

const warnings: string[] = [];
const dressing = {
  program: checkout,
  theme: join(checkout, "themes/calm"),
  warn: (text: string) => void warnings.push(text),
  signal: never(),
};
const stack = (folder: string, module: string, more: Partial<Stacking> = {}) =>
  stackModule({ folder, module, ...dressing, ...more });
const errorsOf = async (folder: string) => (await audit(folder, never())).findings;

test("a saved module becomes one more list, of the folder's own modules and itself", async () => {
  const folder = await bench.make();
  expect(await stack(folder, await saved(folder))).toEqual({ list: "lists/saved.modules", entry: "stacked-saved" });
  const [own, more] = [await listed(folder, "default"), await listed(folder, "saved")];
  expect(more.modules.slice(0, -1)).toEqual(own.modules);
  expect(more.modules.at(-1)).toMatchObject({ path: "live/04-saved.squashfs", parent: own.modules.at(-1)?.sha256 });
  expect(more.chain).toBe("base-console-settings-saved");
  expect(more.memory - own.memory).toBe(more.modules.at(-1)?.bytes);
});

test("the folder hangs together afterwards: menus, lists, records and checksums", async () => {
  const folder = await bench.make();
  await stack(folder, await saved(folder), { title: "Room 12" });
  const { findings, facts } = await audit(folder, never());
  expect(findings).toEqual([]);
  for (const menu of [facts.entries.bios, facts.entries.uefi, facts.entries.ipxe])
    expect(menu?.at(-1)).toBe("stacked-saved");
  const texts = ["grub/grub.cfg", "pxelinux.cfg/default", "boot.ipxe"].map((path) =>
    readFile(join(folder, path), "utf8"),
  );
  for (const text of await Promise.all(texts)) expect(text).toMatch(/Room 12 \(needs \d+ MB of memory\)/);
});

test("waits for a build that is about to replace the folder, and changes the new one", async () => {
  const folder = await bench.make();
  const module = await saved(folder);
  const said: string[] = [];
  const building = await lock(dirname(folder), never(), () => undefined);
  const stacking = stack(folder, module, { warn: (text) => void said.push(text) });
  while (said.length === 0) await new Promise((resolve) => setTimeout(resolve, 20));
  expect(said[0]).toContain(folder);
  expect(existsSync(join(folder, "lists/saved.modules"))).toBe(false);
  await cp(folder, `${folder}.new`, { recursive: true });
  await rename(folder, `${folder}.old`);
  await rename(`${folder}.new`, folder);
  await building[Symbol.asyncDispose]();
  await stacking;
  expect(existsSync(join(folder, "lists/saved.modules"))).toBe(true);
  expect(existsSync(join(`${folder}.old`, "lists/saved.modules"))).toBe(false);
  expect(await errorsOf(folder)).toEqual([]);
});

test("everybody may read what it wrote, whatever the umask", async () => {
  const folder = await bench.make();
  const before = process.umask(0o077);
  try {
    await stack(folder, await saved(folder));
  } finally {
    process.umask(before);
  }
  for (const path of ["boot.ipxe", "grub/grub.cfg", "lists/saved.modules", "live/04-saved.squashfs", "SHA256SUMS"])
    expect((await stat(join(folder, path))).mode & 0o777, path).toBe(0o644);
});

test("what was there stays byte for byte, but for what has to tell of the module", async () => {
  const folder = await bench.make();
  const before = await contentOf(folder);
  await stack(folder, await saved(folder));
  const after = await contentOf(folder);
  const changed = Object.keys(after).filter((path) => after[path] !== before[path]);
  expect(changed.sort()).toEqual(
    [
      ...[".disk/livewright.json", "SHA256SUMS", "boot.ipxe", "grub/grub.cfg", "pxelinux.cfg/default"],
      ...["lists/saved.modules", "live/04-saved.module", "live/04-saved.squashfs"],
    ].sort(),
  );
});

test("the same modules give the same folder, in whatever order they were stacked, again or not", async () => {
  const [one, other] = [await bench.make(), await bench.make()];
  for (const name of ["a", "b"]) await stack(one, await saved(one, name));
  for (const name of ["b", "a", "b"]) await stack(other, await saved(other, name));
  expect(await contentOf(other)).toEqual(await contentOf(one));
});

/** What a build has left around a folder: a list of all that it put there, of which the folder is a part. */
async function published(): Promise<{ readonly out: string; readonly folder: string; readonly check: () => string }> {
  const out = `${await bench.make()}.out`;
  await mkdir(out);
  const folder = join(out, "demo.netboot");
  await cp(await bench.make(), folder, { recursive: true });
  await writeFile(join(out, "a.iso"), "an image");
  await writeFile(join(out, "demo.netboot.log"), "what happened");
  const paths = (await filesIn(folder)).map((path) => `demo.netboot/${path}`);
  const args = ["a.iso", ...paths, "demo.netboot.log"];
  await writeFile(join(out, "SHA256SUMS"), execFileSync("sha256sum", args, { cwd: out }));
  const check = () => execFileSync("sha256sum", ["--check", "--quiet", "SHA256SUMS"], { cwd: out, encoding: "utf8" });
  return { out, folder, check };
}

test("the list of the output folder around it holds for what was stacked, and for what was taken out again", async () => {
  const { out, folder, check } = await published();
  const sums = (): Promise<string> => readFile(join(out, "SHA256SUMS"), "utf8");
  const listedNow = async () => (await sums()).split("\n").map((line) => line.slice(66));
  const before = await listedNow();
  await stack(folder, await saved(folder));
  expect(check()).toBe("");
  const after = await listedNow();
  expect([after.at(0), after.slice(-2)]).toEqual(["a.iso", ["demo.netboot.log", ""]]);
  const whole = [
    ...(await filesIn(folder)).map((path) => `demo.netboot/${path}`),
    ...["", "a.iso", "demo.netboot.log"],
  ];
  expect([...after].sort()).toEqual(whole.sort());
  await unstackModule({ folder, name: "saved", ...dressing });
  expect(check()).toBe("");
  expect((await listedNow()).sort()).toEqual(before.sort());
  expect((await readdir(out)).filter((name) => name.startsWith(".SHA"))).toEqual([]);
});

test("a list around the folder that does not name it stays as it is", async () => {
  const { out, folder } = await published();
  const text = `${"0".repeat(64)}  demo.netboot.log\n`;
  await writeFile(join(out, "SHA256SUMS"), text);
  await stack(folder, await saved(folder));
  expect(await readFile(join(out, "SHA256SUMS"), "utf8")).toBe(text);
});

test("a module that was taken out leaves the folder as it was", async () => {
  const folder = await bench.make();
  const before = await contentOf(folder);
  await stack(folder, await saved(folder));
  await unstackModule({ folder, name: "saved", ...dressing });
  expect(await contentOf(folder)).toEqual(before);
});

test("a module may be named by its record, which lies beside it", async () => {
  const folder = await bench.make();
  const module = await saved(folder);
  await stack(folder, module.replace(".squashfs", ".module"));
  expect((await listed(folder, "saved")).modules.at(-1)?.sha256).toBe(sha256(await readFile(module)));
  expect(await errorsOf(folder)).toEqual([]);
});

test("a module saved anew under its name takes the place of the former", async () => {
  const folder = await bench.make();
  await stack(folder, await saved(folder));
  const first = await listed(folder, "saved");
  const again = await saved(folder);
  const other = await planted(`${folder}.saved`, "other", { plants: [{ path: "etc/other", content: "o" }] });
  const record = JSON.parse(await readFile(again.replace(".squashfs", ".module"), "utf8")) as ModuleRecord;
  await rename(other.file, again);
  const { sha256: sum, bytes } = other.record;
  await writeFile(again.replace(".squashfs", ".module"), renderRecord({ ...record, sha256: sum, bytes }));
  await stack(folder, again);
  expect((await listed(folder, "saved")).modules.at(-1)?.sha256).not.toBe(first.modules.at(-1)?.sha256);
  expect(await errorsOf(folder)).toEqual([]);
});

describe("nothing is changed when", () => {
  const refusals: readonly (readonly [string, (folder: string) => Promise<unknown>, object])[] = [
    [
      "the module stands on another base",
      async (folder) =>
        stack(folder, await saved(folder, "saved", { below: ["0".repeat(64)], parent: "0".repeat(64) })),
      {
        code: "refused",
        message: expect.stringMatching(
          / stands on another base \(base-console-settings\) than .* has \(base-/,
        ) as string,
        remedy: expect.stringMatching(/^livewright restack .* --onto /) as string,
      },
    ],
    [
      "the module is not what its record says",
      async (folder) => {
        const module = await saved(folder);
        await writeFile(module, "spoilt");
        await stack(folder, module);
      },
      { code: "verification-failed" },
    ],
    [
      "it is called as the folder's own list",
      async (folder) => stack(folder, await saved(folder, "default")),
      { code: "usage" },
    ],
    [
      "its title is no line",
      async (folder) => stack(folder, await saved(folder), { title: "two\nlines" }),
      { code: "usage" },
    ],
    [
      "there is no such module to take out",
      (folder) => unstackModule({ folder, name: "saved", ...dressing }),
      { code: "usage" },
    ],
    [
      "the folder's own list is to be taken out",
      (folder) => unstackModule({ folder, name: "default", ...dressing }),
      { code: "usage" },
    ],
  ];
  test.each(refusals)("%s", async (_, act, failure) => {
    const folder = await bench.make();
    const before = await contentOf(folder);
    await expect(act(folder)).rejects.toMatchObject(failure);
    expect(await contentOf(folder)).toEqual(before);
    await expect(stat(`${folder}.changing`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("the folder did not hang together before", async () => {
    const folder = await bench.make((it) => writeFile(join(it, "live/vmlinuz"), "no kernel"));
    const before = await contentOf(folder);
    await expect(stack(folder, await saved(folder))).rejects.toMatchObject({ code: "verification-failed" });
    expect(await contentOf(folder)).toEqual(before);
  });

  test("it is stopped, and the next run clears away what a killed one left", async () => {
    const folder = await bench.make();
    const before = await contentOf(folder);
    const stop = new AbortController();
    const stacking = stack(folder, await saved(folder), { signal: stop.signal });
    stacking.catch(() => undefined);
    while (!existsSync(`${folder}.changing/lists/saved.modules`)) await new Promise(setImmediate);
    stop.abort(new Error("stopped"));
    await expect(stacking).rejects.toThrow();
    await expect(stat(`${folder}.changing`)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await contentOf(folder)).toEqual(before);
    await cp(folder, `${folder}.changing`, { recursive: true });
    await stack(folder, await saved(folder));
    await expect(stat(`${folder}.changing`)).rejects.toMatchObject({ code: "ENOENT" });
    expect(await errorsOf(folder)).toEqual([]);
  });
});

test("two modules stacked at once are both there", async () => {
  const folder = await bench.make();
  const modules = [await saved(folder, "a"), await saved(folder, "b")];
  await Promise.all(modules.map((module) => stack(folder, module)));
  expect((await audit(folder, never())).facts.lists?.map(({ path }) => path)).toEqual([
    "/lists/a.modules",
    "/lists/b.modules",
    "/lists/default.modules",
  ]);
  expect(await errorsOf(folder)).toEqual([]);
});

test("a theme that is not here is told, and another taken", async () => {
  const folder = await bench.make();
  warnings.length = 0;
  await stack(folder, await saved(folder), { theme: undefined });
  expect(warnings).toEqual([expect.stringContaining("name it with --theme")]);
});

test("what was stacked is tested by all ways but HTTP boot, whose disk was made before", async () => {
  const folder = await bench.make();
  await stack(folder, await saved(folder));
  const printed = (...words: readonly string[]) => livewright(["test", folder, "--list", "saved", "--print", ...words]);
  const all = await printed();
  expect(all.stdout.split("\n").filter((line) => line.startsWith("#"))).toEqual(
    ["bios by pxe", "bios by ipxe", "uefi by pxe", "uefi by ipxe"].map((boot) => `# ${boot}, entry stacked-saved`),
  );
  const none = await printed("--firmware", "uefi,secure-boot", "--by", "http");
  expect([none.status, none.stderr]).toEqual([
    2,
    "boot.img, which HTTP boot starts, was made before stacked-saved was stacked\nTry: --by pxe, or by ipxe\n",
  ]);
});

test("the command line stacks a module and takes it out, and a folder may be named by a link", async () => {
  const folder = await bench.make();
  await symlink(folder, `${folder}.link`);
  const module = await saved(folder);
  const done = await livewright(["stack", module, "--in", `${folder}.link`, "--title", "Monday"]);
  expect([done.status, done.stdout]).toEqual([0, `${folder}.link/lists/saved.modules\n`]);
  const gone = await livewright(["stack", "saved", "--in", folder, "--remove"]);
  expect([gone.status, await filesIn(join(folder, "lists"))]).toEqual([0, ["default.modules"]]);
  const record = module.replace(".squashfs", ".module");
  expect((await livewright(["stack", record, "--in", folder])).stdout).toBe(`${folder}/lists/saved.modules\n`);
  expect((await livewright(["stack", record, "--in", folder, "--remove"])).stdout).toBe(
    `saved is no longer in ${folder}\n`,
  );
});
