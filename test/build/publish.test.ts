import { execFileSync } from "node:child_process";
import { chmod, mkdir, readdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { writeFolderSums } from "../../src/build/folder.ts";
import { publishArtefacts, refuseStrangers } from "../../src/build/publish.ts";
import { from } from "../../src/command.ts";
import { lock } from "../../src/system/lock.ts";
import { workbench, type Workbench } from "./workbench.ts";

/** An object with one artefact; `cp` tells in a file what it copied, which the log is too small for. */
async function published(): Promise<Workbench & { readonly out: string; readonly publish: () => Promise<string> }> {
  const bench = await workbench({
    cp: `for last; do :; done; echo "\${last##*/}" >> "$(dirname "$0")/../copied"; exec /bin/cp "$@"`,
  });
  const object = bench.site.cache.object("a".repeat(64));
  await mkdir(object, { recursive: true });
  await writeFile(join(object, "iso"), "an image");
  await writeFile(bench.site.logFile, "what happened");
  const out = join(bench.folder, "out");
  const publish = async (): Promise<string> => {
    await rm(join(bench.folder, "copied"), { force: true });
    await publishArtefacts([{ path: join(object, "iso"), name: "demo.iso" }], out, bench.site);
    return (await readFile(join(bench.folder, "copied"), "utf8").catch(() => "")).split("\n").sort().join(" ").trim();
  };
  return { ...bench, out, publish };
}

test("what lies there as the last build left it is not copied again, and has the same sum", async () => {
  await using bench = await published();
  expect(await bench.publish()).toBe("demo.iso.partial");
  const sums = await readFile(join(bench.out, "SHA256SUMS"), "utf8");
  const { ino } = await stat(join(bench.out, "demo.iso"));
  await writeFile(bench.site.logFile, "what happened next");
  expect(await bench.publish()).toBe("");
  const after = await readFile(join(bench.out, "SHA256SUMS"), "utf8");
  expect(after.split("\n")[0]).toBe(sums.split("\n")[0]);
  expect((await stat(join(bench.out, "demo.iso"))).ino).toBe(ino);
  expect(await readFile(join(bench.out, "demo.log"), "utf8")).toBe("what happened next");
});

test.each<[string, (file: string) => Promise<void>]>([
  [
    "was changed, with its size and time left alone",
    async (file) => {
      const { atime, mtime } = await stat(file);
      await writeFile(file, "an IMAGE");
      await utimes(file, atime, mtime);
    },
  ],
  ["was removed", (file) => rm(file)],
])("an artefact that %s is copied again", async (_, change) => {
  await using bench = await published();
  await bench.publish();
  await change(join(bench.out, "demo.iso"));
  expect(await bench.publish()).toContain("demo.iso.partial");
  expect(await readFile(join(bench.out, "demo.iso"), "utf8")).toBe("an image");
});

test("an artefact whose copying was interrupted is copied next time, and nothing half lies there meanwhile", async () => {
  await using bench = await published();
  await writeFile(
    join(bench.folder, "bin/cp"),
    `#!/bin/sh\nfor last; do :; done; echo half > "$last"; kill -STOP $$; sleep 60\n`,
  );
  const publishing = publishArtefacts(
    [{ path: join(bench.site.cache.object("a".repeat(64)), "iso"), name: "demo.iso" }],
    bench.out,
    bench.site,
  );
  while (!(await readdir(bench.out).catch((): string[] => [])).includes("demo.iso.partial"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  bench.stop.abort(new Error("stopped"));
  await expect(publishing).rejects.toThrow();
  expect(await readdir(bench.out)).toEqual([]);
  await writeFile(join(bench.folder, "bin/cp"), `#!/bin/sh\nexec /bin/cp "$@"\n`);
  const site = { ...bench.site, signal: new AbortController().signal };
  const made = [{ path: join(bench.site.cache.object("a".repeat(64)), "iso"), name: "demo.iso" }];
  await publishArtefacts(made, bench.out, site);
  expect(await readFile(join(bench.out, "demo.iso"), "utf8")).toBe("an image");
});

test("who is interrupted while the image is copied leaves no other artefact behind, and is not in the way next time", async () => {
  await using bench = await published();
  const object = bench.site.cache.object("a".repeat(64));
  await writeFile(join(object, "list"), "what is in it");
  const slow = `#!/bin/sh\nfor last; do :; done; /bin/cp "$@"; case $last in *.iso.partial) kill -STOP $$; sleep 60 ;; esac\n`;
  await writeFile(join(bench.folder, "bin/cp"), slow);
  const made = ["iso", "list"].map((name) => ({ path: join(object, name), name: `demo.${name}` }));
  const publishing = publishArtefacts(made, bench.out, bench.site);
  const there = async (): Promise<readonly string[]> => (await readdir(bench.out).catch((): string[] => [])).sort();
  const partials = ["demo.iso.partial", "demo.list.partial", "demo.log.partial"];
  while ((await there()).join() !== partials.join()) await new Promise((resolve) => setTimeout(resolve, 20));
  bench.stop.abort(new Error("stopped"));
  await expect(publishing).rejects.toThrow();
  expect(await there()).toEqual([]);
});

test("two builds into one folder take turns, and the list has the sums of both", async () => {
  await using bench = await published();
  const image = join(bench.site.cache.object("a".repeat(64)), "iso");
  const publish = async (name: string): Promise<unknown> =>
    publishArtefacts([{ path: image, name }], bench.out, { ...bench.site, cache: bench.fresh() });
  for (let round = 0; round < 3; round++) {
    await rm(bench.out, { recursive: true, force: true });
    await Promise.all(["demo.iso", "demo.iso", "other.iso"].map(publish));
    const told = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: bench.out, encoding: "utf8" });
    expect(told.trim().split("\n").sort()).toEqual(["demo.iso: OK", "demo.log: OK", "other.iso: OK", "other.log: OK"]);
  }
});

test("who waits for another that writes to the folder says so, and leaves it alone meanwhile", async () => {
  await using bench = await published();
  await mkdir(bench.out);
  const other = await lock(bench.out, bench.site.signal, () => undefined);
  const publishing = bench.publish();
  const told = `waiting for another livewright that writes to ${bench.out}`;
  while (!bench.events.some((event) => event.kind === "note" && event.text === told))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await readdir(bench.out)).toEqual([]);
  await other[Symbol.asyncDispose]();
  await publishing;
  expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.iso", "demo.log"]);
});

/** An object that is a folder as a server is to show it, and what puts it into an output folder. */
async function folderToPublish(tools: Readonly<Record<string, string>> = {}) {
  const bench = await workbench(tools);
  const object = join(bench.site.cache.object("b".repeat(64)), "tree");
  const out = join(bench.folder, "out");
  const fill = async (text: string): Promise<void> => {
    await rm(object, { recursive: true, force: true });
    await mkdir(join(object, "live"), { recursive: true });
    await writeFile(join(object, "live/vmlinuz"), text);
    await writeFile(join(object, `only-${text}`), "");
    await writeFolderSums(object, new Map(), bench.site.signal);
  };
  await fill("first");
  await writeFile(bench.site.logFile, "what happened");
  const publish = (signal = bench.site.signal) =>
    publishArtefacts([{ path: object, name: "demo.netboot" }], out, { ...bench.site, signal });
  return { ...bench, object, out, fill, publish };
}

test("a folder is published whole, and the list of sums checks every file of it", async () => {
  await using bench = await folderToPublish();
  await bench.publish();
  expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.log", "demo.netboot"]);
  const told = execFileSync("sha256sum", ["--check", "SHA256SUMS"], { cwd: bench.out, encoding: "utf8" });
  expect(told.match(/demo\.netboot\/\S+: OK/g)?.map((line) => line.slice("demo.netboot/".length))).toEqual([
    ...["live/vmlinuz: OK", "only-first: OK", "SHA256SUMS: OK"],
  ]);
});

test("a folder that lies there as the last build left it is not copied again; one that was touched is", async () => {
  await using bench = await folderToPublish();
  await bench.publish();
  const inode = async () => (await stat(join(bench.out, "demo.netboot"))).ino;
  const before = await inode();
  await bench.publish();
  expect(await inode()).toBe(before);
  await writeFile(join(bench.out, "demo.netboot/more"), "");
  await bench.publish();
  expect(await readdir(join(bench.out, "demo.netboot"))).not.toContain("more");
});

test.each([
  ["in one moment", {}],
  ["by two renames where names cannot change places", { perl: "exit 1" }],
])("a newer folder takes the place of the former one %s, nothing of which stays", async (_, tools) => {
  await using bench = await folderToPublish(tools);
  await bench.publish();
  await bench.fill("second");
  await bench.publish();
  expect(await readFile(join(bench.out, "demo.netboot/live/vmlinuz"), "utf8")).toBe("second");
  expect((await readdir(join(bench.out, "demo.netboot"))).sort()).toEqual(["SHA256SUMS", "live", "only-second"]);
  expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.log", "demo.netboot"]);
  expect(await readFile(join(bench.out, "SHA256SUMS"), "utf8")).not.toContain("only-first");
});

test("a server finds a whole folder at every moment while it is replaced", async () => {
  await using bench = await folderToPublish();
  await bench.publish();
  await bench.fill("second");
  const done = new AbortController();
  const seen = (async () => {
    const found = new Set<string>();
    while (!done.signal.aborted)
      found.add(await readFile(join(bench.out, "demo.netboot/live/vmlinuz"), "utf8").catch(String));
    return found;
  })();
  await bench.publish();
  done.abort();
  expect([...(await seen)].filter((text) => !["first", "second"].includes(text))).toEqual([]);
});

test("a folder whose copying was interrupted leaves the former one, and nothing half", async () => {
  await using bench = await folderToPublish();
  await bench.publish();
  await bench.fill("second");
  const copying = `#!/bin/sh\nfor last; do :; done; mkdir -p "$last"; echo half > "$last/half"; kill -STOP $$; sleep 60\n`;
  await writeFile(join(bench.folder, "bin/cp"), copying);
  await chmod(join(bench.folder, "bin/cp"), 0o755);
  const publishing = bench.publish();
  while (!(await readdir(bench.out)).includes("demo.netboot.partial"))
    await new Promise((resolve) => setTimeout(resolve, 20));
  bench.stop.abort(new Error("stopped"));
  await expect(publishing).rejects.toThrow();
  expect(await readFile(join(bench.out, "demo.netboot/live/vmlinuz"), "utf8")).toBe("first");
  expect(await readdir(bench.out)).not.toContain("demo.netboot.partial");
});

describe("where names cannot change places, the former folder is there again", () => {
  const content = (out: string): Promise<string> => readFile(join(out, "demo.netboot/live/vmlinuz"), "utf8");

  test("after the new one could not get its name", async () => {
    await using bench = await folderToPublish({ perl: 'rm -r "$4"; exit 1' });
    await bench.publish();
    await bench.fill("second");
    await expect(bench.publish()).rejects.toMatchObject({ code: "ENOENT" });
    expect(await content(bench.out)).toBe("first");
    expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.log", "demo.netboot"]);
  });

  test("after a run was killed between the two renames and the next one failed", async () => {
    await using bench = await folderToPublish({
      cp: '[ ! -e "$(dirname "$0")/../full" ] || exit 1; exec /bin/cp "$@"',
    });
    await bench.publish();
    await bench.fill("second");
    await rename(join(bench.out, "demo.netboot"), join(bench.out, "demo.netboot.former"));
    await writeFile(join(bench.folder, "full"), "");
    await expect(bench.publish()).rejects.toMatchObject({ code: "step-failed" });
    expect(await content(bench.out)).toBe("first");
    await rm(join(bench.folder, "full"));
    await bench.publish();
    expect(await content(bench.out)).toBe("second");
    expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.log", "demo.netboot"]);
  });
});

test("a folder that is just being changed is replaced once that is over, and the wait is told", async () => {
  await using bench = await folderToPublish();
  await bench.publish();
  await bench.fill("second");
  const content = (): Promise<string> => readFile(join(bench.out, "demo.netboot/live/vmlinuz"), "utf8");
  const changing = await lock(bench.out, bench.site.signal, () => undefined);
  const publishing = bench.publish();
  while (!bench.events.some((event) => event.kind === "note" && event.text.includes(`writes to ${bench.out}`)))
    await new Promise((resolve) => setTimeout(resolve, 20));
  expect(await content()).toBe("first");
  await changing[Symbol.asyncDispose]();
  await publishing;
  expect(await content()).toBe("second");
});

test("a folder that was not copied as it is never gets its name", async () => {
  await using bench = await folderToPublish({
    cp: `/bin/cp "$@"; for last; do :; done; echo spoilt > "$last/live/vmlinuz"`,
  });
  await expect(bench.publish()).rejects.toMatchObject({ code: "verification-failed" });
  expect(await readdir(bench.out)).toEqual([]);
});

test("a folder of that name that another hand made is not replaced, and one of ours is", async () => {
  await using bench = await folderToPublish();
  await mkdir(join(bench.out, "demo.netboot"), { recursive: true });
  const artefacts = [{ place: from("netboot", "tree"), name: "demo.netboot" }];
  await expect(refuseStrangers(bench.out, artefacts)).rejects.toMatchObject({ code: "refused" });
  await rm(join(bench.out, "demo.netboot"), { recursive: true });
  await bench.publish();
  await refuseStrangers(bench.out, artefacts);
});
