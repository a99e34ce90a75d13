import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../src/build/build.ts";
import { openLog } from "../src/build/log.ts";
import { prepare, siteOf } from "../src/cli/prepare.ts";
import { from } from "../src/command.ts";
import type { Event } from "../src/events.ts";
import { digestsOf } from "../src/system/digests.ts";
import { readText } from "../src/system/files.ts";
import { livewright, testCache } from "./livewright.ts";
import { recipeFolder } from "./workshop.ts";

interface Initramfs {
  readonly fate: string;
  readonly copied: string;
  readonly sha256: string;
  /** Seconds since 1970, which its files are not newer than. */
  readonly epoch: number;
}

/** Make a recipe's initramfs, and say what became of it and what is in it. */
async function initramfsOf(files: Readonly<Record<string, string>>): Promise<Initramfs> {
  await using folder = await recipeFolder(files);
  const events: Event[] = [];
  const report = (event: Event): void => void events.push(event);
  const session = { signal: new AbortController().signal, print: () => undefined, report };
  const prepared = await prepare(join(folder.path, "recipe.yaml"), { set: [], cache: testCache }, session);
  await using log = await openLog(testCache, "test-views");
  const plan = { ...prepared.plan, artefacts: [{ place: from("initramfs", "copied"), name: "copied" }] };
  const site = siteOf(prepared, log, { ...session, keepFailed: false });
  const [{ path } = { path: "" }] = await build(plan, site);
  const fates = events.flatMap((event) => ("stage" in event && event.stage === "initramfs" ? [event.kind] : []));
  const [sha256 = ""] = await digestsOf(join(dirname(path), "initrd.img"), ["sha256"]);
  return { fate: fates.join(", "), copied: await readText(path), sha256, epoch: site.epoch };
}

const recipe = (layer: string): string => `name: probe\nextends: minimal\nlayers:\n  - {name: extra, ${layer}}\n`;

test("the initramfs is reused under a package that it does not read, and made anew for a layer with a hook of its own", async () => {
  await initramfsOf({ "recipe.yaml": "name: probe\nextends: minimal\n" });
  // htop brings a library, so that the linker's cache is another too.
  const unrelated = await initramfsOf({ "recipe.yaml": recipe("packages: [htop]") });
  expect(unrelated.fate).toBe("stage-reused");

  const hooked = await initramfsOf({
    "recipe.yaml": recipe("files: overlay"),
    "overlay/etc/initramfs-tools/hooks/probe": `#!/bin/sh\ncase "$1" in prereqs) exit 0 ;; esac\n# ${String(Date.now())}\necho probed > "$DESTDIR/probed"\n`,
  });
  expect(hooked.fate).toBe("stage-started, stage-finished");
  expect(hooked.copied).toMatch(/ probed$/m);
  expect(unrelated.copied).not.toMatch(/ probed$/m);
});

test("Debian's own mkinitramfs, asked for the same level, makes the same initramfs in the same tree, byte for byte", async () => {
  const { sha256, epoch } = await initramfsOf({ "recipe.yaml": "name: probe\nextends: minimal\n" });
  const told = `PATH=/usr/sbin:/usr/bin TMPDIR=/tmp LC_ALL=C COMPRESSLEVEL=6 SOURCE_DATE_EPOCH=${String(epoch)}`;
  const done = await livewright(["shell", "minimal", "--cache", testCache, "--progress", "quiet"], {
    input: `env -i ${told} mkinitramfs -o /tmp/theirs $(ls /lib/modules) && sha256sum /tmp/theirs\n`,
  });
  expect(done.stdout, done.stderr).toContain(sha256);
});
