import { readdir, readFile, rm, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { flatten } from "../../src/build/flatten.ts";
import { differences } from "../../src/build/tar/differences.ts";
import { capture, run } from "../../src/system/process.ts";
import { livewright } from "../livewright.ts";
import { never, plant, scratch, tarOf, type Plant } from "./plant.ts";
import { readBack, stacked, withoutRoot } from "./stack.ts";

/** cap_net_raw permitted and effective, as the kernel keeps it (VFS_CAP_REVISION_2). */
const capability = Buffer.from("0100000200200000000000000000000000000000", "hex");
const opaque = { "trusted.overlay.opaque": "y" };
const gone = { type: "character", mode: 0, device: [0, 0] } as const;
const folder = { type: "directory" } as const;

/** Lowest first; each does to those below it what an upper layer may. */
const stack: readonly (readonly Plant[])[] = [
  [
    { path: ".", ...folder },
    { path: "bin", ...folder },
    {
      path: "bin/ping",
      content: Buffer.alloc(200_000, "p"),
      mode: 0o755,
      xattrs: { "security.capability": capability },
    },
    { path: "bin/ping4", type: "link", target: "bin/ping" },
    { path: "bin/ping6", type: "link", target: "bin/ping" },
    { path: "dir", ...folder, mode: 0o2775, gid: 50 },
    { path: "dir/kept", content: "kept" },
    { path: "dir/lost", content: "lost" },
    { path: "dir/sub", ...folder },
    { path: "dir/sub/deep", content: "deep" },
    { path: "a-file", content: "becomes a directory" },
    { path: "a-dir", ...folder },
    { path: "a-dir/inner", content: "becomes nothing" },
    { path: "a-dir2", ...folder },
    { path: "a-dir2/inner", content: "hidden for ever" },
    { path: "old", ...folder },
    { path: "old/name", content: "renamed", uid: 1000, gid: 1000, mode: 0o600 },
    { path: "twice", content: "1" },
    { path: "again", content: "first" },
    { path: "lnk", type: "symlink", target: "dir/kept" },
    { path: "null", type: "character", device: [1, 3] },
    { path: "disk", type: "block", device: [8, 1], mode: 0o660, gid: 6 },
    { path: "pipe", type: "fifo" },
    { path: "näme with \xff\n", content: "any bytes", xattrs: { "user.note": "n" } },
    { path: "l".repeat(200), ...folder },
    { path: `${"l".repeat(200)}/${"m".repeat(200)}`, content: "long" },
  ],
  [
    { path: ".", ...folder },
    { path: "dir", ...folder, mode: 0o700, uid: 7, mtime: 2000 },
    { path: "dir/lost", ...gone },
    { path: "a-file", ...folder, xattrs: opaque },
    { path: "a-file/inner", content: "new" },
    { path: "a-dir", type: "symlink", target: "a-file" },
    { path: "a-dir2", content: "a file over a directory" },
    { path: "old", ...folder },
    { path: "old/name", ...gone },
    { path: "new", ...folder },
    { path: "new/name", content: "renamed", uid: 1000, gid: 1000, mode: 0o600 },
    { path: "twice", content: "22", mode: 0o4755 },
    { path: "again", ...gone },
    { path: "bin", ...folder },
    { path: "bin/ping", ...gone },
    { path: "linked", content: "both are mine" },
    { path: "linked2", type: "link", target: "linked" },
  ],
  [
    { path: ".", ...folder, mode: 0o700, uid: 12, xattrs: opaque },
    { path: "dir", ...folder },
    { path: "dir/sub", ...folder, xattrs: { ...opaque, "user.of": "sub" } },
    { path: "dir/sub/other", content: "replaced" },
    { path: "a-dir2", ...folder },
    { path: "a-dir2/inner2", content: "a directory over a file over a directory" },
    { path: "again", content: "third", mtime: 5000 },
    { path: "linked", content: "changed" },
    { path: "pipe", content: "no pipe any more" },
    { path: "lnk", ...folder },
  ],
  [
    { path: ".", ...folder },
    { path: "dir", ...folder, mode: 0o755 },
    { path: "dir/sub", ...folder },
    { path: "dir/sub/other", type: "symlink", target: "../kept" },
    { path: "null", type: "character", device: [1, 5] },
    { path: "top", content: Buffer.alloc(3_000_000, "t"), mtime: 9000 },
  ],
];

async function squash(path: string, plants: readonly Plant[]): Promise<string> {
  await plant(`${path}.tree`, plants);
  const args = [
    `${path}.tree`,
    `${path}.squashfs`,
    "-noappend",
    "-quiet",
    "-no-progress",
    "-comp",
    "gzip",
    "-b",
    "128K",
  ];
  await run({ tool: "mksquashfs", args, signal: never() });
  return `${path}.squashfs`;
}

const modulesIn = async (path: string, layers: readonly (readonly Plant[])[]): Promise<string[]> => {
  const made: string[] = [];
  for (const [at, plants] of layers.entries()) made.push(await squash(`${path}/${String(at)}`, plants));
  return made;
};

const zstd = { compression: "zstd", level: 3, block: 2 ** 17, report: () => undefined } as const;

describe("modules that are flattened", () => {
  test("hold what the kernel's overlay shows of them: content, types, modes, owners, times, links, attributes", async () => {
    await using place = await scratch();
    for (const depth of [1, 2, 3, 4]) {
      const path = `${place.path}/${String(depth)}`;
      await run({ tool: "mkdir", args: [path], signal: never() });
      const modules = await modulesIn(path, stack.slice(0, depth));
      const to = `${path}/flat.squashfs`;
      await flatten({ ...zstd, modules, to, signal: never() });
      const flat = await readBack(to);
      expect(differences(withoutRoot(await stacked(path, modules)), withoutRoot(flat))).toEqual([]);
      expect(flat.flatMap(({ xattrs = {} }) => Object.keys(xattrs)).filter((name) => name.includes("overlay"))).toEqual(
        [],
      );
      expect(flat.find(({ path }) => path === ".")).toMatchObject({ mode: "0755", uid: 0, gid: 0 });
    }
  });

  test("end up as these files, told one by one", async () => {
    await using place = await scratch();
    const to = `${place.path}/flat.squashfs`;
    await flatten({ ...zstd, modules: await modulesIn(place.path, stack), to, signal: never() });
    const flat = await readBack(to);
    const by = new Map(flat.map((entry) => [entry.path, entry]));
    expect([...by.keys()].filter((path) => !path.startsWith("lll"))).toEqual([
      ...[".", "a-dir", "a-dir2", "a-dir2/inner2", "a-file", "a-file/inner", "again", "bin", "bin/ping4", "bin/ping6"],
      ...["dir", "dir/kept", "dir/sub", "dir/sub/other", "disk", "linked", "linked2", "lnk", "new", "new/name"],
      ...["null", "n\\xe4me with \\xff\n", "old", "pipe", "top", "twice"],
    ]);
    expect(by.get("bin/ping4")).toMatchObject({
      type: "file",
      size: 200_000,
      xattrs: { "security.capability": capability.toString("base64") },
    });
    expect(by.get("bin/ping6")).toEqual({ path: "bin/ping6", type: "link", target: "bin/ping4" });
    expect(by.get("linked")).toMatchObject({ type: "file", size: 7 });
    expect(by.get("linked2")).toMatchObject({ type: "file", size: 13 });
    expect(by.get("dir/sub")?.xattrs).toBeUndefined();
    expect(by.get("new/name")).toMatchObject({ mode: "0600", uid: 1000, gid: 1000 });
    expect(by.get("twice")).toMatchObject({ mode: "4755", size: 2 });
    expect(by.get("top")).toMatchObject({ mtime: 9000 });
    expect(by.get("null")).toMatchObject({ device: "1:5" });
  });

  test("may be forty", async () => {
    await using place = await scratch();
    const upTo = (at: number): Plant[] => [
      { path: ".", ...folder },
      { path: "every", ...folder, mode: 0o700 + at },
      { path: `every/${String(at)}`, content: String(at) },
      { path: "last", content: "x".repeat(at) },
      ...(at % 3 === 2 ? [{ path: `every/${String(at - 1)}`, ...gone }] : []),
    ];
    const modules = await modulesIn(
      place.path,
      Array.from({ length: 40 }, (_, at) => upTo(at)),
    );
    const to = `${place.path}/flat.squashfs`;
    await flatten({ ...zstd, modules, to, signal: never() });
    const flat = withoutRoot(await readBack(to));
    expect(flat).toHaveLength(1 + 40 - 13 + 1);
    expect(differences(withoutRoot(await stacked(place.path, modules)), flat)).toEqual([]);
  });

  test("give the same bytes every time, and other bytes in another order", async () => {
    await using place = await scratch();
    const modules = await modulesIn(place.path, stack);
    const flat = async (name: string, order: readonly string[]): Promise<Buffer> => {
      await flatten({ ...zstd, modules: order, to: `${place.path}/${name}`, signal: never() });
      return readFile(`${place.path}/${name}`);
    };
    const one = await flat("one", modules);
    expect((await flat("two", modules)).equals(one)).toBe(true);
    expect((await flat("other", modules.toReversed())).equals(one)).toBe(false);
  });

  test("may be what an overlay of the kernel recorded, whose shared marks of deletion are hard links", async () => {
    await using place = await scratch();
    const script = [
      "mkdir lower upper work merged; mkdir lower/dir lower/moved; for n in a b c d; do echo $n > lower/$n; done; echo 1 > lower/dir/e; echo 2 > lower/moved/f",
      "mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off,index=off merged",
      "rm merged/a merged/b merged/c; rm -r merged/dir; mkdir merged/dir; cp -a merged/moved merged/renamed; rm -r merged/moved",
      "chmod 4711 merged/d; ln merged/d merged/d2; umount merged",
      "for each in lower upper; do mksquashfs $each $each.squashfs -noappend -quiet -no-progress -comp gzip; done",
    ].join("\n");
    await run({ tool: "unshare", args: ["--mount", "sh", "-ec", script], cwd: place.path, signal: never() });
    const modules = ["lower", "upper"].map((name) => `${place.path}/${name}.squashfs`);
    const to = `${place.path}/flat.squashfs`;
    for (const name of ["merged", "work"]) await rm(`${place.path}/${name}`, { recursive: true });
    await flatten({ ...zstd, modules, to, signal: never() });
    const flat = withoutRoot(await readBack(to));
    expect(flat.map(({ path }) => path)).toEqual(["d", "d2", "dir", "renamed", "renamed/f"]);
    expect(differences(withoutRoot(await stacked(place.path, modules)), flat)).toEqual([]);
  });

  test("are refused where an overlay would have to look elsewhere for a file, and nothing is left behind", async () => {
    await using place = await scratch();
    for (const [mark, value] of [
      ["trusted.overlay.redirect", "/elsewhere"],
      ["trusted.overlay.metacopy", ""],
      ["trusted.overlay.opaque", "x"],
      ["user.overlay.opaque", "y"],
    ] as const) {
      const module = await squash(`${place.path}/marked`, [{ path: "moved", ...folder, xattrs: { [mark]: value } }]);
      await expect(flatten({ ...zstd, modules: [module], to: `${place.path}/flat`, signal: never() })).rejects.toThrow(
        new RegExp(`marked.squashfs: moved has the overlay mark ${mark}`),
      );
      await rm(`${place.path}/marked.tree`, { recursive: true });
    }
    expect((await readdir(place.path)).filter((name) => !name.startsWith("marked"))).toEqual([]);
  });
});

describe("livewright flatten", () => {
  test("prints the path of what it wrote, and leaves nothing else", async () => {
    await using place = await scratch();
    const modules = await modulesIn(place.path, stack.slice(0, 2));
    const before = await readdir(place.path);
    const done = await livewright(["flatten", ...modules, "-o", `${place.path}/flat.squashfs`, "--level", "1"]);
    expect(done).toMatchObject({ status: 0, stdout: `${place.path}/flat.squashfs\n` });
    expect(await readdir(place.path)).toEqual([...before, "flat.squashfs"].sort());
  });

  test("packs with xz as a recipe would", async () => {
    await using place = await scratch();
    const [modules, to] = [await modulesIn(place.path, stack.slice(0, 2)), `${place.path}/flat.squashfs`];
    expect(await livewright(["flatten", ...modules, "-o", to, "--compression", "xz"])).toMatchObject({ status: 0 });
    expect(await capture({ tool: "unsquashfs", args: ["-s", to], signal: never() })).toMatch(
      /Compression xz\n\tDictionary size 49152\n/,
    );
  });

  test("leaves nothing when it is stopped", async () => {
    await using place = await scratch();
    const noise = Buffer.from(Array.from({ length: 2 ** 22 }, (_, at) => Math.imul(at, at + 977) >> 5));
    const big = Array.from({ length: 20 }, (_, at) => ({ path: `big${String(at)}`, content: noise.subarray(at) }));
    const modules = await modulesIn(place.path, [big]);
    const before = await readdir(place.path);
    const folders = async () => (await readdir(place.path)).filter((name) => name.startsWith("livewright-"));
    for (const [stopWith, status] of [
      ["SIGINT", 130],
      ["SIGTERM", 143],
    ] as const) {
      const words = ["flatten", ...modules, "-o", `${place.path}/flat`, "--level", "19"];
      const stopped = await livewright(words, { stopWith, stopWhen: async () => (await folders()).length > 0 });
      expect(stopped).toMatchObject({ status, stdout: "" });
      expect(await readdir(place.path)).toEqual(before);
    }
  });

  test("refuses what is no module, what is there already, and what no level is", async () => {
    await using place = await scratch();
    const [module = ""] = await modulesIn(place.path, stack.slice(0, 1));
    const cut = `${place.path}/cut.squashfs`;
    await writeFile(cut, (await readFile(module)).subarray(0, 1024));
    await writeFile(`${place.path}/text`, tarOf([]));
    const flat = (words: readonly string[]) => livewright(["flatten", ...words]);
    const out = ["-o", `${place.path}/flat`];
    expect(await flat([`${place.path}/none`, ...out])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/none is not there/) as string,
    });
    expect(await flat([place.path, ...out])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is not a file/) as string,
    });
    expect(await flat([`${place.path}/text`, ...out])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/does not begin as a squashfs/) as string,
    });
    expect(await flat([cut, ...out])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/was cut to 1024/) as string,
    });
    expect(await flat([module, "-o", module])).toMatchObject({
      status: 4,
      stderr: expect.stringMatching(/is there already/) as string,
    });
    expect(await flat([module, "-o", `${place.path}/no/flat`])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/is not a folder/) as string,
    });
    expect(await flat([module, ...out, "--compression", "xz", "--level", "3"])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/xz has no levels/) as string,
    });
    expect(await flat([module])).toMatchObject({
      status: 2,
      stderr: expect.stringMatching(/-o, --output <file>/) as string,
    });
    expect((await readdir(place.path)).sort()).toEqual(["0.squashfs", "0.tree", "0.tree.tar", "cut.squashfs", "text"]);
  });
});
