import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, readFile, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { Cache } from "../../src/build/cache.ts";
import { parseRecord, recordPathOf } from "../../src/netboot/record.ts";
import { readBase } from "../../src/restack/base.ts";
import { restack, type Restacked, type Restacking } from "../../src/restack/restack.ts";
import { Sums } from "../../src/restack/sums.ts";
import { never, scratch, type Plant } from "../build/plant.ts";
import { livewright } from "../livewright.ts";
import { folder, opaque, planted, whiteout } from "./modules.ts";

/** What every base has; a change is laid over it. */
const common: readonly Plant[] = [
  { path: "etc/issue", content: "old\n" },
  { path: "etc/kept", content: "kept\n" },
  { path: "opt/app/bin", content: "1\n" },
  { path: "opt/app/lib/a", content: "a\n" },
  { path: "srv/shared/one", content: "1\n" },
];

const changed = (path: string, content: string): Plant[] =>
  common.map((plant) => (plant.path === path ? { ...plant, content } : plant));
const without = (path: string): Plant[] =>
  common.filter((plant) => plant.path !== path && !plant.path.startsWith(`${path}/`));

interface Case {
  readonly module: readonly Plant[];
  readonly after: readonly Plant[];
  readonly how?: Partial<Restacking>;
  /** Do something to the files between making and restacking. */
  readonly meanwhile?: (folder: string) => Promise<void>;
  /** How it is named, from its path. */
  readonly by?: (module: string) => string;
}

/** A module made on one base, restacked onto another. */
async function restacked({
  module,
  after,
  how = {},
  meanwhile,
  by = String,
}: Case): Promise<Restacked & { written: string }> {
  await using work = await scratch();
  const at = (name: string): string => join(work.path, name);
  const signal = never();
  for (const name of ["old", "new", "mine", "cache"]) await mkdir(at(name));
  const old = await planted(at("old"), "base", { plants: common });
  const saved = await planted(at("mine"), "saved", { below: [old], plants: module });
  const next = await planted(at("new"), "base", { plants: after });
  await meanwhile?.(work.path);
  const reading = { sums: new Sums(), scratch: at("cache"), signal };
  const done = await restack({
    module: by(saved.file),
    onto: await readBase(next.file, reading),
    places: { cache: new Cache(at("cache")), from: [at("old")] },
    strict: false,
    reading,
    ...how,
  });
  return { ...done, written: await readFile(recordPathOf(saved.file), "utf8") };
}

const refusedFor = async (asked: Case): Promise<readonly string[]> => {
  const done = await restacked(asked);
  return done.is === "refused" ? done.conflicts.map(({ path }) => path) : [];
};

/** What the module has, what the new base has, and which paths stand against it. */
const rules: readonly (readonly [string, readonly Plant[], readonly Plant[], readonly string[]])[] = [
  ["a file of its own beside a changed one", [{ path: "etc/mine", content: "m" }], changed("etc/issue", "new\n"), []],
  ["a file that has not changed below", [{ path: "etc/kept", content: "mine" }], changed("etc/issue", "new\n"), []],
  [
    "a file that has changed below",
    [{ path: "etc/issue", content: "mine" }],
    changed("etc/issue", "new\n"),
    ["etc/issue"],
  ],
  [
    "a file that has appeared below",
    [{ path: "etc/mine", content: "m" }],
    [...common, { path: "etc/mine", content: "n" }],
    ["etc/mine"],
  ],
  ["a file that has disappeared below", [{ path: "etc/issue", content: "mine" }], without("etc/issue"), ["etc/issue"]],
  [
    "a file whose mode alone has changed",
    [{ path: "etc/issue", content: "mine" }],
    common.map((it) => (it.path === "etc/issue" ? { ...it, mode: 0o600 } : it)),
    ["etc/issue"],
  ],
  [
    "a file whose time alone has changed",
    [{ path: "etc/issue", content: "mine" }],
    common.map((it) => ({ ...it, mtime: 5 })),
    [],
  ],
  ["a whiteout of what has not changed", [whiteout("etc/kept")], changed("etc/issue", "new\n"), []],
  ["a whiteout of what has changed", [whiteout("etc/issue")], changed("etc/issue", "new\n"), ["etc/issue"]],
  [
    "a whiteout of a folder in which something has changed",
    [whiteout("opt/app")],
    changed("opt/app/lib/a", "b\n"),
    ["opt/app/lib/a"],
  ],
  ["a whiteout of nothing", [whiteout("etc/never")], changed("etc/issue", "new\n"), []],
  ["an opaque folder over unchanged ones", [folder("opt/app", opaque)], changed("etc/issue", "new\n"), []],
  [
    "an opaque folder in which something has changed",
    [folder("opt/app", opaque)],
    changed("opt/app/lib/a", "b\n"),
    ["opt/app/lib/a"],
  ],
  [
    "an opaque folder in which something has appeared",
    [folder("opt/app", opaque)],
    [...common, { path: "opt/app/new", content: "n" }],
    ["opt/app/new"],
  ],
  [
    "a merged folder in which something has changed",
    [folder("opt/app"), { path: "opt/app/mine" }],
    changed("opt/app/lib/a", "b\n"),
    [],
  ],
  [
    "a merged folder whose mode has changed",
    [folder("opt/app"), { path: "opt/app/mine" }],
    [...common, folder("opt/app", { mode: 0o700 })],
    ["opt/app"],
  ],
  [
    "a merged folder that has changed to what the module has",
    [folder("opt/app", { mode: 0o700 })],
    [...common, folder("opt/app", { mode: 0o700 })],
    [],
  ],
  ["a folder that is gone below", [{ path: "opt/app/mine", content: "m" }], without("opt/app"), ["opt", "opt/app"]],
  [
    "a folder that is a file by now",
    [{ path: "opt/app/mine", content: "m" }],
    [...without("opt/app"), { path: "opt/app", content: "file" }],
    ["opt/app"],
  ],
  [
    "a file over a folder in which something has changed",
    [{ path: "opt/app", content: "mine" }],
    changed("opt/app/bin", "2\n"),
    ["opt/app/bin"],
  ],
  [
    "a renamed folder whose content has not changed",
    [folder("srv/renamed", { xattrs: { "trusted.overlay.redirect": "shared" } }), whiteout("srv/shared")],
    changed("etc/issue", "new\n"),
    [],
  ],
  [
    "a renamed folder whose content has changed",
    [folder("srv/renamed", { xattrs: { "trusted.overlay.redirect": "/srv/shared" } })],
    changed("srv/shared/one", "2\n"),
    ["srv/shared/one"],
  ],
  ["state of dpkg", [{ path: "var/lib/dpkg/status", content: "Package: x\n" }], common, ["var/lib/dpkg/status"]],
  [
    "a package's list of files",
    [{ path: "var/lib/dpkg/info/x.list", content: "/\n" }],
    common,
    ["var/lib/dpkg/info/x.list"],
  ],
  ["an opaque folder over dpkg's", [folder("var/lib", opaque)], common, ["var/lib"]],
  ["nothing but dpkg's folders", [folder("var/lib/dpkg/info")], common, []],
];

describe("a module comes to stand on a new base unless it hides what has changed or holds state of dpkg:", () => {
  test.each(rules)("%s", async (_, module, after, refused) => {
    // Another base in any case, so that there is something to be said anew.
    expect(await refusedFor({ module, after: [...after, { path: "usr/version", content: "2" }] })).toEqual(refused);
  });
});

test("the new record names the new base, and the squashfs stays as it is", async () => {
  const module = [{ path: "etc/mine", content: "m" }];
  const done = await restacked({ module, after: changed("etc/issue", "new\n") });
  expect(done).toMatchObject({ is: "restacked", record: { chain: "base-saved", name: "saved" } });
  const record = parseRecord(done.written);
  expect(record).toEqual(done.is === "refused" ? undefined : done.record);
  expect(record.below).toEqual([record.parent]);
});

test("a module that stands there already keeps its record", async () => {
  expect(await restacked({ module: [{ path: "etc/mine" }], after: common })).toMatchObject({ is: "as it was" });
});

test("nothing is written when there are conflicts, all of which are told with what has changed and what the module does", async () => {
  const module = [{ path: "etc/issue", content: "mine" }, whiteout("opt/app")];
  const after = changed("etc/issue", "new\n").filter(({ path }) => path !== "opt/app/bin");
  const done = await restacked({ module, after });
  expect(done).toMatchObject({
    is: "refused",
    conflicts: [
      { path: "etc/issue", why: "it has other content in the base, and the module has its own file" },
      { path: "opt/app/bin", why: "it disappeared in the base, and the module deletes it at opt/app" },
    ],
  });
  expect(parseRecord(done.written).chain).toBe("base-saved");
});

describe("when the old base cannot be found", () => {
  const gone = (strict: boolean, module: readonly Plant[]): Case => ({
    module,
    after: changed("etc/issue", "new\n"),
    how: { strict },
    meanwhile: (work) => rm(join(work, "old/base.squashfs")),
  });

  test("it is refused, with the sums of what is missing and how to go on", async () => {
    await expect(restacked(gone(false, [{ path: "etc/mine" }]))).rejects.toMatchObject({
      code: "refused",
      message: expect.stringMatching(/\(base\) cannot be found[^]*[0-9a-f]{64}/) as string,
      remedy: expect.stringContaining("--from") as string,
    });
  });

  test.each<[string, readonly Plant[], readonly string[]]>([
    ["what only the module has is no conflict", [{ path: "etc/mine" }], []],
    ["whatever both have is", [{ path: "etc/kept", content: "kept\n" }], ["etc/kept"]],
    [
      "so is all that an opaque folder hides",
      [folder("opt/app", opaque)],
      ["opt/app", "opt/app/bin", "opt/app/lib", "opt/app/lib/a"],
    ],
    ["and a folder of other attributes", [folder("opt/app", { mode: 0o700 })], ["opt/app"]],
  ])("strictly, %s", async (_, module, refused) => {
    expect(await refusedFor(gone(true, module))).toEqual(refused);
  });
});

test("a module that is not the one its record tells of is not believed", async () => {
  const spoil: Case = {
    module: [{ path: "etc/mine" }],
    after: changed("etc/issue", "new\n"),
    meanwhile: (work) => writeFile(join(work, "mine/saved.squashfs"), "something else"),
  };
  await expect(restacked(spoil)).rejects.toMatchObject({ code: "verification-failed" });
});

test("a module may be named by its record, which lies beside it", async () => {
  const named: Case = { module: [{ path: "etc/mine" }], after: changed("etc/issue", "new\n"), by: recordPathOf };
  expect(await restacked(named)).toMatchObject({ is: "restacked" });
});

test.each<[string, (module: string) => string, RegExp]>([
  [
    "a record without a module",
    (module) => recordPathOf(module).replace("saved", "other"),
    /other\.squashfs is not there/,
  ],
  ["a file of another kind", (module) => `${module}.tar`, /saved\.squashfs\.tar is no \.squashfs/],
])("%s is no module, and that is said", async (_, by, message) => {
  const meanwhile = (work: string): Promise<void> =>
    rename(join(work, "mine/saved.module"), join(work, "mine/other.module"));
  const named: Case = { module: [{ path: "etc/mine" }], after: common, by, meanwhile };
  await expect(restacked(named)).rejects.toMatchObject({
    code: "usage",
    message: expect.stringMatching(message) as string,
    remedy: expect.stringContaining(".squashfs with a .module beside it") as string,
  });
});

test("a module does not come to stand on itself", async () => {
  await using work = await scratch();
  const old = await planted(work.path, "base", { plants: common });
  const saved = await planted(work.path, "saved", { below: [old], plants: [{ path: "etc/mine" }] });
  const reading = { sums: new Sums(), scratch: work.path, signal: never() };
  const places = { cache: new Cache(work.path), from: [] };
  const onto = await readBase(saved.file, reading);
  await expect(restack({ module: saved.file, onto, places, strict: false, reading })).rejects.toMatchObject({
    code: "usage",
    message: expect.stringContaining("is part of the base") as string,
  });
});

test("the command line makes no cache where there is none", async () => {
  await using work = await scratch();
  const old = await planted(work.path, "base", { plants: common });
  const big = { path: "big", content: randomBytes(2 ** 21) };
  const saved = await planted(work.path, "saved", { below: [old], plants: [big] });
  const cache = join(work.path, "none/cache");
  const done = await livewright(["restack", saved.file, "--onto", recordPathOf(old.file), "--cache", cache]);
  expect([done.status, done.stdout]).toEqual([0, `${saved.file} stands there already, as base-saved\n`]);
  expect(existsSync(join(work.path, "none"))).toBe(false);
});
