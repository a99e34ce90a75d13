import { mkdir, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { publishArtefacts } from "../../src/build/publish.ts";
import { workbench, type Workbench } from "./workbench.ts";

/** An object with one artefact; `cp` tells in a file what it copied. */
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
    return (await readFile(join(bench.folder, "copied"), "utf8").catch(() => "")).replaceAll("\n", " ").trim();
  };
  return { ...bench, out, publish };
}

test("what lies there as the last build left it is not copied again, and has the same sum", async () => {
  await using bench = await published();
  expect(await bench.publish()).toBe("demo.iso.partial demo.log.partial");
  const sums = await readFile(join(bench.out, "SHA256SUMS"), "utf8");
  const { ino } = await stat(join(bench.out, "demo.iso"));
  await writeFile(bench.site.logFile, "what happened next");
  expect(await bench.publish()).toBe("demo.log.partial");
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
