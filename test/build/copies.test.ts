import { mkdir, readdir, readFile, rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { aheadOf, Copies } from "../../src/build/copies.ts";
import { publishCopies } from "../../src/build/publish.ts";
import { from } from "../../src/command.ts";
import { workbench, type Workbench } from "./workbench.ts";

/** An image that is still being judged; `cp` tells in a file what it copied, which the log is too small for. */
async function judged(cp = "exec"): Promise<Workbench & { readonly out: string; readonly draft: string }> {
  const bench = await workbench({
    cp: `for last; do :; done; echo "\${last##*/}" >> "$(dirname "$0")/../copied"; ${cp} /bin/cp "$@"`,
  });
  const draft = join(bench.folder, "live.iso");
  await writeFile(draft, "an image");
  await writeFile(bench.site.logFile, "what happened");
  return { ...bench, out: join(bench.folder, "out"), draft };
}

const copied = async ({ folder }: Workbench): Promise<readonly string[]> =>
  (await readFile(join(folder, "copied"), "utf8")).trim().split("\n").sort();

/** The judgement was good: the image gets its place in the cache. */
async function kept({ site, draft }: Workbench & { readonly draft: string }): Promise<string> {
  const path = join(site.cache.object("a".repeat(64)), "live.iso");
  await mkdir(join(path, ".."), { recursive: true });
  await rename(draft, path);
  return path;
}

const appears = async (folder: string, name: string): Promise<void> => {
  while (!(await readdir(folder).catch((): string[] => [])).includes(name))
    await new Promise((resolve) => setTimeout(resolve, 20));
};

test("an image that is copied while it is judged has no final name before, and is not copied again after", async () => {
  await using bench = await judged();
  await using copies = new Copies(bench.out, bench.site);
  const artefacts = [{ place: from("iso", "live.iso"), name: "demo.iso" }];
  aheadOf(copies, artefacts)({ stage: "iso", path: "live.iso" }, bench.draft);
  await copies.of("demo.iso", bench.draft);
  expect(await readdir(bench.out)).toEqual(["demo.iso.partial"]);
  await publishCopies([{ path: await kept(bench), name: "demo.iso" }], copies);
  expect(await readFile(join(bench.out, "demo.iso"), "utf8")).toBe("an image");
  expect(await copied(bench)).toEqual(["demo.iso.partial"]);
  expect((await readdir(bench.out)).sort()).toEqual(["SHA256SUMS", "demo.iso", "demo.log"]);
});

test("what is no artefact is not copied", async () => {
  await using bench = await judged();
  await using copies = new Copies(bench.out, bench.site);
  aheadOf(copies, [{ place: from("iso", "live.iso"), name: "demo.iso" }])({ stage: "iso", path: "else" }, bench.draft);
  await publishCopies([{ path: await kept(bench), name: "other.iso" }], copies);
  expect(await copied(bench)).toEqual(["other.iso.partial"]);
});

test("an image that got its place before its copying began is copied from there", async () => {
  await using bench = await judged();
  await using copies = new Copies(bench.out, bench.site);
  const path = await kept(bench);
  copies.begin("demo.iso", bench.draft);
  await publishCopies([{ path, name: "demo.iso" }], copies);
  expect(await readFile(join(bench.out, "demo.iso"), "utf8")).toBe("an image");
});

test("an image that another build had made meanwhile is the one that is published", async () => {
  await using bench = await judged();
  await using copies = new Copies(bench.out, bench.site);
  copies.begin("demo.iso", bench.draft);
  await copies.of("demo.iso", bench.draft);
  const path = await kept(bench);
  await writeFile(`${path}.other`, "AN IMAGE");
  await publishCopies([{ path: `${path}.other`, name: "demo.iso" }], copies);
  expect(await readFile(join(bench.out, "demo.iso"), "utf8")).toBe("AN IMAGE");
});

test("of an image that was refused no copy is left, be it whole or half", async () => {
  await using bench = await judged();
  {
    await using copies = new Copies(bench.out, bench.site);
    copies.begin("demo.iso", bench.draft);
    await copies.of("demo.iso", bench.draft);
  }
  expect(await readdir(bench.out)).toEqual([]);
  await writeFile(join(bench.folder, "bin/cp"), `#!/bin/sh\nfor last; do :; done; echo half > "$last"; sleep 60\n`);
  {
    await using copies = new Copies(bench.out, bench.site);
    copies.begin("demo.iso", bench.draft);
    await appears(bench.out, "demo.iso.partial");
  }
  expect(await readdir(bench.out)).toEqual([]);
});

test("who is interrupted while an image is judged leaves no copy of it behind", async () => {
  await using bench = await judged();
  await writeFile(join(bench.folder, "bin/cp"), `#!/bin/sh\nfor last; do :; done; echo half > "$last"; sleep 60\n`);
  const judging = async (): Promise<void> => {
    await using copies = new Copies(bench.out, bench.site);
    copies.begin("demo.iso", bench.draft);
    await new Promise((_, refuse) => {
      bench.site.signal.addEventListener("abort", () => {
        refuse(new Error("stopped"));
      });
    });
  };
  const over = judging();
  await appears(bench.out, "demo.iso.partial");
  bench.stop.abort(new Error("stopped"));
  await expect(over).rejects.toThrow("stopped");
  expect(await readdir(bench.out)).toEqual([]);
});
