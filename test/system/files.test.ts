import { mkdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyAll, link } from "../../src/system/files.ts";
import { scratch } from "../../src/system/scratch.ts";

test("a folder that is linked has the same files under further names", async () => {
  await using folder = await scratch();
  const at = (...path: readonly string[]): string => join(folder.path, ...path);
  await mkdir(at("efi/more"), { recursive: true });
  await writeFile(at("efi/shim"), "loader");
  await writeFile(at("efi/more/grub"), "another");
  await link(at("efi"), at("tree/EFI/boot"));
  for (const name of ["shim", "more/grub"])
    expect((await stat(at("tree/EFI/boot", name))).ino).toBe((await stat(at("efi", name))).ino);
});

test("files and folders of any name are copied together, each to its place", async () => {
  await using folder = await scratch();
  const at = (...path: readonly string[]): string => join(folder.path, ...path);
  await mkdir(at("a $folder"));
  await writeFile(at("a $folder", "-n"), "in it");
  await writeFile(at("it's one"), "beside it");
  const copies = [
    { from: at("a $folder"), to: at("tree/a folder") },
    { from: at("it's one"), to: at("tree/a folder/deep/one") },
  ];
  await copyAll(copies, new AbortController().signal);
  expect(await readFile(at("tree/a folder/-n"), "utf8")).toBe("in it");
  expect(await readFile(at("tree/a folder/deep/one"), "utf8")).toBe("beside it");
});

test("what cannot be copied is told, and nothing is copied after it", async () => {
  await using folder = await scratch();
  const at = (...path: readonly string[]): string => join(folder.path, ...path);
  for (const name of ["one", "two", "three"]) await writeFile(at(name), name);
  await mkdir(at("tree/two"), { recursive: true });
  const copies = ["one", "two", "three"].map((name) => ({ from: at(name), to: at("tree", name) }));
  await expect(copyAll(copies, new AbortController().signal)).rejects.toThrow("tree/two");
  await expect(stat(at("tree/three"))).rejects.toThrow("ENOENT");
});
