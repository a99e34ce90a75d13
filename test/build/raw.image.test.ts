import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capture, run } from "../../src/system/process.ts";
import { scratch } from "../../src/system/scratch.ts";
import { checkout } from "../livewright.ts";
import { never } from "./plant.ts";

test("a raw copy has room for more files than ext4 usually has, however small they are", async () => {
  await using place = await scratch();
  const [root, loaders, out] = ["root", "loaders", "out"].map((name) => join(place.path, name)) as [
    string,
    string,
    string,
  ];
  for (const folder of [join(root, "boot"), join(root, "etc"), loaders, out]) await mkdir(folder, { recursive: true });
  for (const file of [join(root, "boot/vmlinuz-6.1"), join(loaders, "boot.img"), join(loaders, "core.img")])
    await writeFile(file, "");
  const many = 60_000; // Without a byte in them: the size of the disk says nothing of them.
  for (let folder = 0; folder < many; folder += 1000) {
    const names = Array.from({ length: 1000 }, (_, at) => join(root, "srv", String(folder), String(at)));
    await mkdir(join(root, "srv", String(folder)), { recursive: true });
    await Promise.all(names.map((name) => writeFile(name, "")));
  }
  await run({
    tool: "sh",
    args: [join(checkout, "hooks/raw"), root],
    env: {
      LIVEWRIGHT_OUT: out,
      LIVEWRIGHT_LOADERS: loaders,
      LIVEWRIGHT_UUID: "0b1e7c0e-3c4d-5e6f-8a9b-0c1d2e3f4a5b",
      LIVEWRIGHT_ARGUMENTS: "",
      LIVEWRIGHT_EPOCH: "1700000000",
    },
    signal: never(),
  });
  const told = await capture({
    tool: "debugfs",
    args: ["-R", "show_super_stats -h", `${out}/disk.img?offset=1048576`],
    signal: never(),
  });
  const said = (what: string): number => Number(new RegExp(`^${what}: +(\\d+)$`, "m").exec(told)?.[1]);
  expect(said("Inode count") - said("Free inodes")).toBeGreaterThan(many);
});
