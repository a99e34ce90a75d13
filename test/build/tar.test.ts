import { describe, expect, test } from "vitest";
import { canonical, hasAcl } from "../../src/build/tar/canonical.ts";
import { differences, inodeCount } from "../../src/build/tar/differences.ts";
import type { TarEntry } from "../../src/build/tar/entry.ts";
import { Manifester, readable, type ManifestEntry } from "../../src/build/tar/manifest.ts";
import { TarReader } from "../../src/build/tar/read.ts";
import { tarEnd, tarHeader } from "../../src/build/tar/write.ts";
import { tarOf, type Plant } from "./plant.ts";

const long = "d".repeat(120);
const everything: readonly Plant[] = [
  { path: ".", type: "directory" },
  { path: "etc", type: "directory", xattrs: { "trusted.overlay.opaque": "y" } },
  { path: "etc/passwd", content: "root", uid: 3_000_000, gid: 2 ** 31 },
  { path: "etc/shadow", type: "link", target: "etc/passwd" },
  { path: `${long}/${"e".repeat(200)}`, content: Buffer.alloc(513, "x"), xattrs: { "user.b": "1\n2\0", "user.a": "" } },
  { path: "lnk", type: "symlink", target: `/${"t".repeat(200)}` },
  { path: "gone", type: "character", mode: 0, device: [0, 0] },
  { path: "disk", type: "block", device: [8, 70_000] },
  { path: "pipe", type: "fifo" },
];

function manifestOf(tar: Buffer, piece = tar.length): ManifestEntry[] {
  const entries: ManifestEntry[] = [];
  const reader = new TarReader(new Manifester((entry) => entries.push(entry)));
  for (let at = 0; at < tar.length; at += piece) reader.push(tar.subarray(at, at + piece));
  reader.finish();
  return entries;
}

describe("a tar that streams by", () => {
  test("comes out as it went in, whatever the pieces it arrives in", () => {
    const tar = tarOf(everything);
    const whole = manifestOf(tar);
    for (const piece of [1, 7, 511, 512, 513, 4096]) expect(manifestOf(tar, piece)).toEqual(whole);
    expect(whole.map(({ path, type }) => [path, type])).toEqual(
      everything.map(({ path, type }) => [path, type ?? "file"]),
    );
    expect(whole[2]).toEqual({
      path: "etc/passwd",
      type: "file",
      mode: "0644",
      uid: 3_000_000,
      gid: 2 ** 31,
      mtime: 1000,
      size: 4,
      sha256: "4813494d137e1631bba301d5acab6e7bb7aa74ce1185d456565ef51d737677b2",
    });
    expect(whole[1]?.xattrs).toEqual({ "trusted.overlay.opaque": "eQ==" });
    expect(whole[4]?.xattrs).toEqual({ "user.a": "", "user.b": Buffer.from("1\n2\0").toString("base64") });
    expect(whole[3]).toEqual({ path: "etc/shadow", type: "link", target: "etc/passwd" });
    expect(whole[5]?.target).toBe(`/${"t".repeat(200)}`);
    expect(whole[7]?.device).toBe("8:70000");
  });

  test("that ends early is refused", () => {
    const tar = tarOf(everything);
    for (const length of [0, 512, 700, tar.length - 1024]) {
      expect(() => manifestOf(tar.subarray(0, length))).toThrow("ends in the middle");
    }
  });

  test("whose header was damaged is refused", () => {
    const tar = tarOf(everything);
    tar[1] = 0x41;
    expect(() => manifestOf(tar)).toThrow("wrong checksum");
  });

  test("of a sparse file is refused rather than misread", () => {
    const tar = tarOf([{ path: "a", xattrs: {} }]);
    expect(() => manifestOf(Buffer.concat([sparse(tar.subarray(0, 512)), tar.subarray(512)]))).toThrow(
      "kind not known",
    );
  });
});

/** The same header with GNU tar's type flag of sparse files, its checksum made right. */
function sparse(header: Buffer): Buffer {
  const changed = Buffer.from(header);
  changed.write("S", 156);
  changed.write(" ".repeat(8), 148);
  changed.write(
    `${changed
      .reduce((sum, byte) => sum + byte, 0)
      .toString(8)
      .padStart(6, "0")}\0 `,
    148,
    "latin1",
  );
  return changed;
}

const entry = (more: Partial<TarEntry>): TarEntry => ({
  path: "a",
  type: "file",
  mode: 0o644,
  uid: 0,
  gid: 0,
  size: 0,
  mtime: 0,
  xattrs: new Map(),
  ...more,
});
const attributes = (record: Readonly<Record<string, string>>): Map<string, Buffer> =>
  new Map(Object.entries(record).map(([name, value]) => [name, Buffer.from(value)]));

describe("a member's canonical form", () => {
  test("has whole seconds, none before 1970 and none after the epoch", () => {
    const times = [1.9, -5, 200, 100.5].map((mtime) => canonical(entry({ mtime }), 100).mtime);
    expect(times).toEqual([1, 0, 100, 100]);
  });

  test("keeps capabilities, users' attributes and opaque marks, and nothing of this very mount", () => {
    const found = attributes({
      "security.capability": "c",
      "security.selinux": "s",
      "user.note": "n",
      "trusted.overlay.opaque": "y",
      "trusted.overlay.origin": "o",
      "trusted.overlay.impure": "y",
      "trusted.overlay.uuid": "u",
      "trusted.SGI_ACL_FILE": "a",
    });
    const { xattrs } = canonical(entry({ xattrs: found }), 0);
    expect([...xattrs.keys()]).toEqual(["security.capability", "user.note", "trusted.overlay.opaque"]);
  });

  test("cannot be made of an attribute that root alone could keep", () => {
    const wish = entry({ path: "a", xattrs: attributes({ "trusted.md5": "t" }) });
    expect(() => canonical(wish, 0)).toThrow(
      "a has the attribute trusted.md5, which a user namespace can neither see nor set",
    );
  });

  test("has the same opaque mark when it was recorded in a user namespace", () => {
    const { xattrs } = canonical(entry({ xattrs: attributes({ "user.overlay.opaque": "y" }) }), 0);
    expect([...xattrs]).toEqual([["trusted.overlay.opaque", Buffer.from("y")]]);
  });

  test.each(["trusted.overlay.redirect", "trusted.overlay.metacopy", "user.overlay.redirect"])(
    "cannot be made of %s",
    (name) => {
      expect(() => canonical(entry({ xattrs: attributes({ [name]: "/x" }) }), 0)).toThrow(
        /no other overlay could follow/,
      );
    },
  );

  test("gives the group what it had, not the mask, when an access control list is left out", () => {
    const list = Buffer.from(
      "02000000" +
        "01000700ffffffff" +
        "02000700e8030000" +
        "04000500ffffffff" +
        "10000700ffffffff" +
        "20000500ffffffff",
      "hex",
    );
    const found = entry({ mode: 0o775, xattrs: new Map([["system.posix_acl_access", list]]) });
    expect(hasAcl(found)).toBe(true);
    expect(canonical(found, 0).mode).toBe(0o755);
  });

  test("of the root directory is always the same, since mksquashfs takes it from its options", () => {
    const root = canonical(entry({ path: ".", type: "directory", mode: 0o700, uid: 5, mtime: 3 }), 100);
    expect([root.mode, root.uid, root.gid, root.mtime]).toEqual([0o755, 0, 0, 100]);
  });

  test("has attributes in one order, whatever order they were found in", () => {
    const one = entry({ xattrs: attributes({ "user.b": "1", "user.a": "2" }) });
    const other = entry({ xattrs: attributes({ "user.a": "2", "user.b": "1" }) });
    expect(tarHeader(one)).toEqual(tarHeader(other));
  });
});

describe("a difference between two trees", () => {
  const base: ManifestEntry = {
    path: "a",
    type: "file",
    mode: "0644",
    uid: 0,
    gid: 0,
    mtime: 1,
    size: 2,
    sha256: "aa",
    xattrs: { "user.x": "1" },
  };
  test.each<[Partial<ManifestEntry>, string]>([
    [{ type: "fifo" }, "a: type is fifo, not file"],
    [{ mode: "0600" }, "a: mode is 0600, not 0644"],
    [{ uid: 5 }, "a: owner is 5, not 0"],
    [{ gid: 5 }, "a: group is 5, not 0"],
    [{ mtime: 5 }, "a: modification time is 5, not 1"],
    [{ size: 5 }, "a: size is 5, not 2"],
    [{ sha256: "bb" }, "a: content is bb, not aa"],
    [{ target: "b" }, "a: target is b, not absent"],
    [{ device: "1:2" }, "a: device number is 1:2, not absent"],
    [{ xattrs: {} }, "a: attribute user.x is missing"],
    [{ xattrs: { "user.x": "2" } }, "a: attribute user.x has another value"],
    [{ xattrs: { "user.x": "1", "user.y": "" } }, "a: attribute user.y should not be there"],
  ])("in %o is told", (change, words) => {
    expect(differences([base], [{ ...base, ...change }])).toEqual([words]);
  });

  test("in which paths there are is told", () => {
    expect(differences([base, { ...base, path: "b" }], [base, { ...base, path: "c" }])).toEqual([
      "b is missing",
      "c should not be there",
    ]);
  });

  test("in what shares an inode is told, and the order of the links is none", () => {
    const group: ManifestEntry[] = [
      base,
      { path: "b", type: "link", target: "a" },
      { path: "c", type: "link", target: "a" },
    ];
    const reordered: ManifestEntry[] = [
      { ...base, path: "c" },
      { path: "a", type: "link", target: "c" },
      { path: "b", type: "link", target: "c" },
    ];
    expect(differences(group, reordered)).toEqual([]);
    expect(inodeCount(group)).toBe(1);
    expect(differences(group, [base, { path: "b", type: "link", target: "a" }, { ...base, path: "c" }])).toEqual([
      "c is a file of its own, not a hard link of a",
    ]);
  });
});

test("a file name that is not UTF-8 stays distinguishable", () => {
  expect(readable(Buffer.from("Főtan").toString("latin1"))).toBe("Főtan");
  expect(readable("bad\xff")).toBe("bad\\xff");
});

test("an empty tar is two blocks of zeros", () => {
  expect(manifestOf(tarEnd())).toEqual([]);
});
