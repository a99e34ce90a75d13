import { chmod, mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { capture, run } from "../../src/system/process.ts";
import { scratch } from "../../src/system/scratch.ts";
import { checkout } from "../livewright.ts";
import { never } from "./plant.ts";

test("a raw copy has room for more files than ext4 usually has, however small they are", async () => {
  await using place = await scratch();
  const { root, out, copy } = await rootIn(place.path);
  const many = 60_000; // Without a byte in them: the size of the disk says nothing of them.
  for (let folder = 0; folder < many; folder += 1000) {
    const names = Array.from({ length: 1000 }, (_, at) => join(root, "srv", String(folder), String(at)));
    await mkdir(join(root, "srv", String(folder)), { recursive: true });
    await Promise.all(names.map((name) => writeFile(name, "")));
  }
  await copy();
  const told = await capture({
    tool: "debugfs",
    args: ["-R", "show_super_stats -h", `${out}/disk.img?offset=1048576`],
    signal: never(),
  });
  const said = (what: string): number => Number(new RegExp(`^${what}: +(\\d+)$`, "m").exec(told)?.[1]);
  expect(said("Inode count") - said("Free inodes")).toBeGreaterThan(many);
});

const places = { "not in memory": "0", "half in memory": "50" };
test.each(Object.entries(places))("a tree that is %s is read ahead of its raw copy", async (_, percent) => {
  await using place = await scratch();
  expect(await readAhead(place.path, percent)).toHaveLength(100);
});

test("a tree that is in memory is not read ahead of its raw copy", async () => {
  await using place = await scratch();
  expect(await readAhead(place.path, "100")).toEqual([]);
});

/** Names of the files that were read ahead, where fincore(1) says that so much of each is in memory. */
async function readAhead(place: string, percent: string): Promise<readonly string[]> {
  const { root, out, copy } = await rootIn(place);
  const [tools, seen] = [join(place, "tools"), join(place, "seen")];
  await mkdir(tools);
  await mkdir(join(root, "srv"));
  for (let at = 0; at < 100; at++) await writeFile(join(root, "srv", `file ${String(at)}\n`), "content");
  const program = async (name: string, script: string): Promise<void> => {
    await writeFile(join(tools, name), `#!/bin/sh\n${script}`);
    await chmod(join(tools, name), 0o755);
  };
  await program("fincore", `for file; do case $file in */srv/*) echo ${percent} 100; esac; done\n`);
  await program("cat", `[ $# = 0 ] || printf '%s\\0' "$@" > ${seen}\nexec /bin/cat "$@"\n`);
  await program("mke2fs", `sleep 1\nPATH=/usr/sbin:/sbin:/usr/bin:/bin exec mke2fs "$@"\n`); // who has to be ahead of it has the time
  await copy({ PATH: `${tools}:${process.env["PATH"] ?? ""}` });
  expect(await readdir(out)).toEqual(["disk.img", "release"]);
  const told = await readFile(seen, "utf8").catch(() => "");
  return told.split("\0").filter((path) => path.startsWith(join(root, "srv")));
}

/** A root filesystem with as much in it as the hook asks for. */
async function rootIn(place: string): Promise<{
  readonly root: string;
  readonly out: string;
  readonly copy: (env?: Readonly<Record<string, string>>) => Promise<void>;
}> {
  const [root, loaders, out] = ["root", "loaders", "out"].map((name) => join(place, name)) as [string, string, string];
  for (const folder of [join(root, "boot"), join(root, "etc"), loaders, out]) await mkdir(folder, { recursive: true });
  for (const file of [join(root, "boot/vmlinuz-6.1"), join(loaders, "boot.img"), join(loaders, "core.img")])
    await writeFile(file, "");
  const env = {
    LIVEWRIGHT_OUT: out,
    LIVEWRIGHT_LOADERS: loaders,
    LIVEWRIGHT_UUID: "0b1e7c0e-3c4d-5e6f-8a9b-0c1d2e3f4a5b",
    LIVEWRIGHT_ARGUMENTS: "",
    LIVEWRIGHT_EPOCH: "1700000000",
  };
  const copy = async (more: Readonly<Record<string, string>> = {}): Promise<void> => {
    await run({ tool: "sh", args: [join(checkout, "hooks/raw"), root], env: { ...env, ...more }, signal: never() });
  };
  return { root, out, copy };
}
