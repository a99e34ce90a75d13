import { expect, test } from "vitest";
import { parseLock, printLock, type Lock } from "../../src/archive/lock.ts";
import { changes } from "../../src/archive/lock-changes.ts";
import { byHash, indicesOf } from "../../src/archive/indices.ts";
import { wantedPackages } from "../../src/archive/wanted.ts";

const digest = (letter: string): string => letter.repeat(64);

const lamp = {
  ...{ name: "lamp", version: "1:2.0~rc1-1", architecture: "amd64", role: "main" },
  ...{ path: "pool/main/l/lamp/lamp_2.0~rc1-1_amd64.deb", sha256: digest("b"), size: 4711 },
};
const lock: Lock = {
  suite: "bookworm",
  architecture: "amd64",
  releases: [
    { role: "main", suite: "bookworm", components: ["main", "contrib"], digest: digest("a"), date: 1_700_000_000 },
  ],
  indices: [{ role: "main", path: "dists/bookworm/main/binary-amd64/Packages.xz", sha256: digest("c"), size: 9 }],
  packages: [{ ...lamp, name: "table", version: "1" }, lamp, lamp],
};

test("a lock is read as it was written, each package once and in order", () => {
  const read = parseLock(printLock(lock), "recipe.lock");
  expect(read).toEqual({ ...lock, packages: [lamp, { ...lamp, name: "table", version: "1" }] });
  expect(printLock(read)).toBe(printLock(lock));
});

test("a lock has one line for each package and names no address", () => {
  const lines = printLock(lock).split("\n");
  expect(lines.filter((line) => line.includes('name: "lamp"'))).toHaveLength(1);
  expect(printLock(lock)).not.toMatch(/https?:/);
});

const broken: readonly (readonly [string, (text: string) => string, RegExp])[] = [
  ["of another format", (text) => text.replace("format: 1", "format: 2"), /another format/],
  ["with a digest that is none", (text) => text.replace(digest("b"), "beef"), /packages\[0\]\.sha256/],
  ["with a path that leads elsewhere", (text) => text.replace("pool/main/l/lamp", "pool/../.."), /packages\[0\]\.path/],
  ["with an absolute path", (text) => text.replace('"pool/', '"/pool/'), /packages\[0\]\.path/],
  ["without its packages", (text) => text.replace(/packages:[\s\S]*/, ""), /packages is missing/],
  ["half merged", (text) => text.replace("releases:", "<<<<<<< ours\nreleases:"), /is not YAML|not what it should be/],
  ["that is a list", () => "- 1\n", /not a map/],
];

test.each(broken)("a lock is refused that is %s", (_, spoil, says) => {
  expect(() => parseLock(spoil(printLock(lock)), "recipe.lock")).toThrow(says);
});

test("a moved lock says which archives and packages changed", () => {
  const after: Lock = {
    ...lock,
    releases: lock.releases.map((release) => ({ ...release, digest: digest("d"), date: 1_700_086_400 })),
    packages: [
      { ...lamp, version: "1:2.0-1" },
      { ...lamp, name: "chair", version: "3" },
    ],
  };
  expect(changes(lock, after)).toEqual([
    "main bookworm: 2023-11-14T22:13:20.000Z → 2023-11-15T22:13:20.000Z",
    "added chair:amd64 3",
    "changed lamp:amd64 1:2.0~rc1-1 → 1:2.0-1",
    "removed table:amd64 1",
  ]);
  expect(changes(lock, lock)).toEqual([]);
});

const release = `Suite: stable
Architectures: all amd64
Components: main contrib
Acquire-By-Hash: yes
MD5Sum:
 ${"0".repeat(32)} 1 main/binary-amd64/Packages.xz
SHA256:
 ${digest("1")}        5 main/binary-amd64/Packages
 ${digest("2")}        3 main/binary-amd64/Packages.gz
 ${digest("3")}        2 main/binary-amd64/Packages.xz
 ${digest("4")}        2 main/binary-all/Packages.xz
 ${digest("5")}        7 contrib/binary-amd64/Packages
`;
const wish = { role: "main", suite: "stable", components: ["main", "contrib"], architecture: "amd64" };

test("of each index the smallest form is taken, by the digest that the Release file names", () => {
  const { files, byHash: hashed } = indicesOf(release, wish);
  expect(hashed).toBe(true);
  expect(files).toEqual([
    { role: "main", path: "dists/stable/main/binary-amd64/Packages.xz", sha256: digest("3"), size: 2 },
    { role: "main", path: "dists/stable/main/binary-all/Packages.xz", sha256: digest("4"), size: 2 },
    { role: "main", path: "dists/stable/contrib/binary-amd64/Packages", sha256: digest("5"), size: 7 },
  ]);
  expect(byHash(files[0]!)).toBe(`dists/stable/main/binary-amd64/by-hash/SHA256/${digest("3")}`);
});

test("packages for all architectures are not looked for where the archive lists them with each", () => {
  const { files } = indicesOf(`No-Support-for-Architecture-all: Packages\n${release}`, wish);
  expect(files.map(({ path }) => path)).not.toContain("dists/stable/main/binary-all/Packages.xz");
});

test("apt's words for packages become names, versions and paths", () => {
  const line = `'copy:/mnt/archive/main/pool/main/libs/libstdc%2b%2b6_12_amd64.deb' libstdc++6_1%3a12_amd64.deb 99 SHA256:${digest("e")}`;
  expect(wantedPackages(`Reading package lists...\n${line}\n`)).toEqual([
    {
      ...{
        role: "main",
        path: "pool/main/libs/libstdc++6_12_amd64.deb",
        file: "libstdc++6_1%3a12_amd64.deb",
        size: 99,
      },
      ...{ sha256: digest("e"), name: "libstdc++6", version: "1:12", architecture: "amd64" },
    },
  ]);
});

test.each([
  ["from elsewhere", `'http://mirror.example/pool/a_1_all.deb' a_1_all.deb 1 SHA256:${digest("e")}`],
  ["without a sha256", "'file:/run/livewright-archive/main/pool/a_1_all.deb' a_1_all.deb 1 MD5Sum:00"],
  [
    "above the archive",
    `'file:/run/livewright-archive/main/pool/%2e%2e/a_1_all.deb' a_1_all.deb 1 SHA256:${digest("e")}`,
  ],
])("a package %s is refused", (_, line) => {
  expect(() => wantedPackages(line)).toThrow(/cannot have/);
});
