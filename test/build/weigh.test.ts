import { mkdir, writeFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { refuseExcess } from "../../src/build/budget.ts";
import { weigh, type Sizes } from "../../src/build/weigh.ts";
import { Manifester } from "../../src/build/tar/manifest.ts";
import { TarReader } from "../../src/build/tar/read.ts";
import { scratch, tarOf, type Plant } from "./plant.ts";

const folder = { type: "directory" } as const;

async function layer(path: string, plants: readonly Plant[]): Promise<void> {
  await mkdir(path, { recursive: true });
  const tar = tarOf([{ path: ".", ...folder }, ...plants]);
  const lines: string[] = [];
  new TarReader(new Manifester((line) => lines.push(`${JSON.stringify(line)}\n`))).push(tar);
  await writeFile(`${path}/layer.tar`, tar);
  await writeFile(`${path}/manifest`, lines.join(""));
}

const lower: readonly Plant[] = [
  { path: "bin", type: "symlink", target: "usr/bin" },
  { path: "usr", ...folder },
  { path: "usr/bin", ...folder },
  { path: "usr/bin/a", content: Buffer.alloc(100) },
  { path: "usr/bin/b", type: "link", target: "usr/bin/a" },
  { path: "usr/bin/c", content: Buffer.alloc(50) },
  { path: "cache", content: Buffer.alloc(7) },
];
const upper: readonly Plant[] = [
  { path: "usr", ...folder },
  { path: "usr/bin", ...folder },
  { path: "usr/bin/c", type: "character", mode: 0, device: [0, 0] },
  { path: "usr/bin/d", content: Buffer.alloc(3000) },
];
const tree = [
  ["l\t777\t0\t0\t7", "usr/bin", "bin"],
  ["d\t755\t0\t0\t60", "", "usr"],
  ["d\t755\t0\t0\t60", "", "usr/bin"],
  ["f\t644\t0\t0\t100", "", "usr/bin/a"],
  ["f\t644\t0\t0\t100", "", "usr/bin/b"],
  ["f\t644\t0\t0\t3000", "", "usr/bin/d"],
  ["f\t644\t0\t0\t7", "", "cache"],
];

async function weighed(place: string, listed = tree): Promise<Sizes> {
  await layer(`${place}/one`, lower);
  await layer(`${place}/two`, upper);
  await mkdir(`${place}/inventory`);
  await writeFile(
    `${place}/inventory/tree`,
    listed
      .flat()
      .map((word) => `${word}\0`)
      .join(""),
  );
  const owners = ["a.list:/.", "a.list:/bin", "a.list:/bin/a", "a.list:/usr/bin/b", "a.list:/usr/bin/c"];
  await writeFile(
    `${place}/inventory/owners`,
    [...owners, "d:amd64.list:/usr/bin/d", "e.list:/usr/bin/d", ""].join("\n"),
  );
  await writeFile(`${place}/inventory/packages`, "a\t1.0\nd:amd64\t2\ne\t3\n");
  return weigh({
    layers: ["one", "two"].map((name) => ({ name, folder: `${place}/${name}` })),
    inventory: `${place}/inventory`,
  });
}

describe("what is on a medium", () => {
  test("is weighed by layer and package: files that are there, each once, in the first package that lists it", async () => {
    await using place = await scratch();
    expect(await weighed(place.path)).toEqual({
      root: 3107,
      layers: [
        { name: "one", files: 157, tar: tarOf([{ path: ".", ...folder }, ...lower]).length },
        { name: "two", files: 3000, tar: tarOf([{ path: ".", ...folder }, ...upper]).length },
      ],
      packages: [
        { name: "d:amd64", version: "2", layer: "two", bytes: 3000 },
        { name: "a", version: "1.0", layer: "one", bytes: 100 },
        { name: "e", version: "3", layer: "", bytes: 0 },
      ],
      unpackaged: 7,
    });
  });

  test("is refused when its layers would show another tree than the one that was built", async () => {
    await using place = await scratch();
    const listed = [...tree, ["s\t755\t0\t0\t0", "", "usr/bin/c"]];
    await expect(weighed(place.path, listed)).rejects.toMatchObject({
      code: "verification-failed",
      message: expect.stringMatching(/would not show the tree that was built:\n {2}usr\/bin\/c is a socket/) as string,
    });
  });
});

describe("a budget", () => {
  const packages = Array.from({ length: 12 }, (_, at) => ({
    name: `p${String(at)}`,
    version: "1",
    layer: at % 2 === 0 ? "desk" : "base",
    bytes: (12 - at) * 2 ** 20,
  }));
  const iso = { what: "the ISO", key: "budget.iso", most: 700 * 2 ** 20, bytes: 700 * 2 ** 20 };
  const desk = { what: "the layer desk", key: "layers[0].budget", most: 2 ** 20, bytes: 3.5 * 2 ** 20, layer: "desk" };

  test("that is kept, to the byte, is no matter", () => {
    expect(() => {
      refuseExcess([iso], { packages });
    }).not.toThrow();
  });

  test("that is not kept names all that exceeds it, by how much, and the largest packages of each", () => {
    const told = (): void => {
      refuseExcess([{ ...iso, bytes: iso.bytes + 2 ** 19 }, desk], { packages });
    };
    expect(told).toThrow(
      [
        "the ISO has 700.5 MiB, 0.5 MiB more than budget.iso allows. Its largest packages:",
        ...packages.slice(0, 8).map(({ name }, at) => `  ${`${String(12 - at)}.0 MiB`.padStart(11)}  ${name}`),
        "the layer desk has 3.5 MiB, 2.5 MiB more than layers[0].budget allows. Its largest packages:",
        ...[0, 2, 4, 6, 8, 10].map((at) => `  ${`${String(12 - at)}.0 MiB`.padStart(11)}  p${String(at)}`),
      ].join("\n"),
    );
    expect(told).toThrow(expect.objectContaining({ code: "verification-failed" }) as Error);
  });
});
