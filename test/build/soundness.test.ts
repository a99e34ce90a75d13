import { chmod, mkdir, open, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { sealLayer } from "../../src/build/seal-layer.ts";
import { faultsAtAGlance, faultsInEveryByte, inventoryOf, unsettled } from "../../src/build/soundness.ts";
import { KnownDigests } from "../../src/system/known-digests.ts";
import { Memory } from "../../src/system/memory.ts";
import { never, scratch } from "./plant.ts";

/** A layer's object, as a build leaves it. */
async function layer(folder: string): Promise<string> {
  const tree = join(folder, "tree");
  await mkdir(join(tree, "etc"), { recursive: true });
  await writeFile(join(tree, "etc/motd"), "welcome\n");
  await chmod(join(tree, "etc/motd"), 0o644);
  await writeFile(join(tree, "big"), Buffer.alloc(400_000, "a"));
  await symlink("motd", join(tree, "etc/issue"));
  const parts = { tar: join(folder, "layer.tar"), manifest: join(folder, "manifest") };
  await sealLayer({ upper: tree, ...parts, epoch: 1_700_000_000, signal: never() });
  return JSON.stringify(await inventoryOf(folder, false, new KnownDigests(new Memory())));
}

async function flip(path: string, at: number): Promise<void> {
  await using file = await open(path, "r+");
  await file.write("X", at);
}

test("a layer that nobody touched has no faults, although times in its tree are newer than in its tar", async () => {
  await using folder = await scratch();
  const inventory = await layer(folder.path);
  expect(await faultsAtAGlance(folder.path, inventory)).toEqual([]);
  expect(await faultsInEveryByte(folder.path, inventory, never())).toEqual([]);
});

test.each([
  ["content in the tree", (path: string) => flip(join(path, "tree/big"), 200_000), "tree: big: content is"],
  [
    "a mode in the tree",
    (path: string) => chmod(join(path, "tree/etc/motd"), 0o600),
    "tree: etc/motd: mode is 0600, not 0644",
  ],
  ["a file missing in the tree", (path: string) => rm(join(path, "tree/etc/issue")), "tree: etc/issue is missing"],
  [
    "a file more in the tree",
    (path: string) => writeFile(join(path, "tree/etc/new"), ""),
    "tree: etc/new should not be there",
  ],
  [
    "content in the middle of the tar",
    (path: string) => flip(join(path, "layer.tar"), 200_000),
    "layer.tar: big: content is",
  ],
])("verifying a layer names %s", async (_, damage, fault) => {
  await using folder = await scratch();
  const inventory = await layer(folder.path);
  await damage(folder.path);
  expect((await faultsInEveryByte(folder.path, inventory, never())).join("\n")).toContain(fault);
});

test("a layer without its tree, which the next one needs, is damaged", async () => {
  await using folder = await scratch();
  const inventory = await layer(folder.path);
  await rm(join(folder.path, "tree"), { recursive: true });
  expect(await faultsAtAGlance(folder.path, inventory)).toEqual(["tree is missing"]);
});

test("a damaged header in a tar is a fault of the tar, not of the program", async () => {
  await using folder = await scratch();
  const inventory = await layer(folder.path);
  const tar = await readFile(join(folder.path, "layer.tar"));
  const header = tar.indexOf("./etc/motd");
  await flip(join(folder.path, "layer.tar"), header + 3);
  expect((await faultsInEveryByte(folder.path, inventory, never())).join("\n")).toContain("layer.tar");
});

test("what was not yet brought to the disk is not used once the machine was started anew", async () => {
  await using folder = await scratch();
  await writeFile(join(folder.path, "disk.img"), Buffer.alloc(400_000, "a"));
  const inventory = JSON.stringify(
    await unsettled(await inventoryOf(folder.path, true, new KnownDigests(new Memory()))),
  );
  expect(await faultsAtAGlance(folder.path, inventory)).toEqual([]);
  const { start } = (JSON.parse(inventory) as { "disk.img": { start: string } })["disk.img"];
  const another = inventory.replace(start, "00000000-0000-4000-8000-000000000000");
  expect(await faultsAtAGlance(folder.path, another)).toEqual([
    "disk.img was not brought to the disk before this machine was started anew",
  ]);
});
