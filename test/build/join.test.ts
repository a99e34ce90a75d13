import { readFile, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { joinLayers } from "../../src/build/join-layers.ts";
import { deviations, stacked } from "../../src/build/stacked.ts";
import { published } from "../../src/build/tar/canonical.ts";
import type { ManifestEntry } from "../../src/build/tar/manifest.ts";
import { never, scratch, tarOf, type Plant } from "./plant.ts";
import { manifestOf } from "./stack.ts";

const root = { path: ".", type: "directory" } as const;
const folder = { type: "directory" } as const;
const gone = { type: "character", mode: 0, device: [0, 0] } as const;
const opaque = { "trusted.overlay.opaque": "y" };

async function join(...layers: readonly (readonly Plant[])[]): Promise<{ entries: ManifestEntry[]; newest: number }> {
  await using place = await scratch();
  const tars = layers.map((_, at) => `${place.path}/${String(at)}`);
  for (const [at, plants] of layers.entries()) await writeFile(tars[at] ?? "", tarOf([root, ...plants]));
  const [tar, manifest] = [`${place.path}/tar`, `${place.path}/manifest`];
  const newest = await joinLayers({ layers: tars, tar, manifest, signal: never() });
  const entries = manifestOf(await readFile(tar));
  const lines = (await readFile(manifest, "utf8")).trimEnd().split("\n");
  expect(lines.map((line) => JSON.parse(line) as ManifestEntry)).toEqual(entries);
  return { entries, newest };
}

const pathsOf = ({ entries }: { entries: readonly ManifestEntry[] }): string[] => entries.map(({ path }) => path);

describe("layers that are joined", () => {
  test("lose what an upper one deletes, with all that is in it, and nothing where there was nothing", async () => {
    const lower = [{ path: "a", ...folder }, { path: "a/b", ...folder }, { path: "a/b/c" }, { path: "keep" }];
    expect(
      pathsOf(
        await join(lower, [
          { path: "a", ...gone },
          { path: "never", ...gone },
        ]),
      ),
    ).toEqual([".", "keep"]);
  });

  test("merge directories, whose attributes are the uppermost's", async () => {
    const upper = [{ path: "d", ...folder, mode: 0o700, uid: 5 }, { path: "d/new" }];
    const { entries } = await join([{ path: "d", ...folder }, { path: "d/old" }], upper);
    expect(entries.map(({ path }) => path)).toEqual([".", "d", "d/new", "d/old"]);
    expect(entries[1]).toMatchObject({ mode: "0700", uid: 5 });
  });

  test("see nothing below an opaque directory, nor below a directory that took the place of a file", async () => {
    const lower = [{ path: "d", ...folder }, { path: "d/old" }, { path: "e", ...folder }, { path: "e/old" }];
    const middle = [{ path: "d", ...folder, xattrs: opaque }, { path: "d/new" }, { path: "e" }];
    const upper = [{ path: "d", ...folder }, { path: "d/newer" }, { path: "e", ...folder }, { path: "e/new" }];
    const joined = await join(lower, middle, upper);
    expect(pathsOf(joined)).toEqual([".", "d", "d/new", "d/newer", "e", "e/new"]);
    expect(joined.entries.some(({ xattrs }) => xattrs !== undefined)).toBe(false);
  });

  test("take no notice of an opaque root directory, which overlayfs does not look at", async () => {
    await using place = await scratch();
    const [one, two] = [`${place.path}/one`, `${place.path}/two`];
    await writeFile(one, tarOf([root, { path: "a" }]));
    await writeFile(two, tarOf([{ ...root, mode: 0o700, uid: 3, xattrs: opaque }, { path: "b" }]));
    const tar = `${place.path}/tar`;
    await joinLayers({ layers: [one, two], tar, manifest: `${place.path}/manifest`, signal: never() });
    const entries = manifestOf(await readFile(tar));
    expect(entries.map(({ path }) => path)).toEqual([".", "a", "b"]);
    expect(entries[0]).toMatchObject({ mode: "0755", uid: 0 });
    expect(entries[0]).not.toHaveProperty("xattrs");
  });

  test("keep the content of a hard link whose first name an upper layer took", async () => {
    const links = ["b", "c"].map((path) => ({ path, type: "link", target: "a" }) as const);
    const lower = [{ path: "a", content: "shared", uid: 9 }, ...links];
    const { entries } = await join(lower, [{ path: "a", content: "own" }]);
    expect(entries[1]).toMatchObject({ path: "a", size: 3, uid: 0 });
    expect(entries[2]).toMatchObject({ path: "b", type: "file", size: 6, uid: 9 });
    expect(entries[3]).toEqual({ path: "c", type: "link", target: "b" });
  });

  test("are deleted by hard links to one deletion, as the kernel writes them", async () => {
    const marks = [{ path: "a", ...gone }, { path: "b", type: "link", target: "a" } as const];
    expect(pathsOf(await join([{ path: "a" }, { path: "b" }, { path: "c" }], marks))).toEqual([".", "c"]);
  });

  test("are in the order of their bytes, and as old as the newest member", async () => {
    const names = ["z", "Z", "a-b", "a", "a.b", "\xe9", "a/x"].map((path) =>
      path === "a" ? { path, ...folder } : { path, mtime: 7 },
    );
    const { entries, newest } = await join(names, [{ path: "m", mtime: 5000 }]);
    expect(entries.map(({ path }) => path)).toEqual([".", "Z", "a", "a/x", "a-b", "a.b", "m", "z", "\\xe9"]);
    expect(newest).toBe(5000);
    expect(entries[0]).toMatchObject({ mtime: 5000 });
  });

  test("pass on content larger than any buffer, and much of it, unchanged", async () => {
    const big = Buffer.from(Array.from({ length: 5_000_001 }, (_, at) => (at * 31) >> 3));
    const lower = [
      { path: "big", content: big },
      ...Array.from({ length: 50 }, (_, at) => ({ path: `f${String(at)}` })),
    ];
    const [whole] = manifestOf(tarOf([{ path: "big", content: big }]));
    expect((await join(lower, [{ path: "f7", content: "7" }])).entries[1]).toEqual(whole);
  });

  test("are refused when a member has no folder, a link no target, or a tar no root", async () => {
    await expect(join([{ path: "a/b" }])).rejects.toThrow("a/b before the directory that it is in");
    await expect(join([{ path: "a", type: "link", target: "b" }])).rejects.toThrow(
      "a, a hard link of what it does not hold",
    );
    await expect(join([{ path: "a" }, { path: "a/b" }])).rejects.toThrow("a/b before the directory");
    await expect(joinLayers({ layers: [], tar: "/dev/null", manifest: "/dev/null", signal: never() })).rejects.toThrow(
      "has no root directory",
    );
  });
});

test("a finished module keeps every attribute but marks that mean nothing elsewhere", () => {
  const entry = { path: "a", type: "file", mode: 0, uid: 0, gid: 0, size: 0, mtime: 0 } as const;
  const names = ["trusted.overlay.origin", "trusted.md5", "security.selinux", "user.a", "trusted.overlay.opaque"];
  const xattrs = new Map(names.map((name) => [name, Buffer.from("y")]));
  expect([...published({ ...entry, xattrs }).xattrs.keys()]).toEqual(names.slice(1));
});

describe("the tree that was built", () => {
  const line = (attributes: string, path: string, target = ""): string => `${attributes}\0${target}\0${path}\0`;
  const layers = [
    [root, { path: "etc", ...folder }, { path: "etc/a", content: "123" }, { path: "etc/b" }],
    [
      root,
      { path: "etc", ...folder },
      { path: "etc/b", ...gone },
      { path: "l", type: "symlink", target: "a\tb" } as const,
    ],
  ];
  const shown = stacked(layers.map((plants) => manifestOf(tarOf(plants))));
  const listed = [
    line("d\t755\t0\t0\t4096", "etc"),
    line("f\t644\t0\t0\t3", "etc/a"),
    line("l\t777\t0\t0\t3", "l", "a\tb"),
  ].join("");

  test("is what its layers show", () => {
    expect(deviations(shown, listed)).toEqual([]);
  });

  test("differs where a socket was lost, a file came back, or an owner, a size or a target is another's", () => {
    expect(deviations(shown, `${listed}${line("s\t755\t0\t0\t0", "etc/b")}`)).toEqual([
      "etc/b is a socket of 0:0, mode 705, and the layers show nothing",
    ]);
    expect(deviations(shown, listed.replace("f\t644\t0\t0\t3", "f\t644\t0\t7\t4"))).toEqual([
      "etc/a is a file of 4 bytes of 0:7, mode 604, and the layers show a file of 3 bytes of 0:0, mode 604",
    ]);
    expect(deviations(shown, listed.replace("a\tb\0l", "a\0l"))).toEqual([
      "l is a symlink to a of 0:0, and the layers show a symlink to a\tb of 0:0",
    ]);
    expect(deviations(shown, line("d\t755\t0\t0\t4096", "etc"))).toEqual([
      "etc/a is not there, and the layers show a file of 3 bytes of 0:0, mode 604",
      "l is not there, and the layers show a symlink to a\tb of 0:0",
    ]);
  });
});
