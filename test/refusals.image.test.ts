import { chmod, mkdir, mkdtemp, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { checkout, livewright, testCache, type Outcome } from "./livewright.ts";
import { builtIso } from "./workshop.ts";

/** mksquashfs as it fails in the field; each script sits in front of the real one. */
const failures = {
  "leaves 4 KiB of junk and says all is well": 'head -c 4096 /dev/zero > "$2"; exit 0',
  "writes to a full disk":
    'exec unshare --mount sh -c \'mount -t tmpfs -o size=2m tmpfs "$(dirname "$2")" && exec /usr/bin/mksquashfs "$@"\' mksquashfs "$@"',
  "flips one byte": `/usr/bin/mksquashfs "$@" || exit; printf '\\377' | dd of="$2" bs=1 seek=200000 conv=notrunc status=none`,
  "is killed halfway": "kill -9 $$",
  "is given a layer that cannot be read whole": 'head -c 1000000 | /usr/bin/mksquashfs "$@"',
} as const;

describe.each(Object.entries(failures))("when mksquashfs %s", (_, script) => {
  let done: Outcome;
  let folder = "";
  beforeAll(async () => {
    await builtIso("minimal");
    folder = await mkdtemp(join(tmpdir(), "refused-"));
    await mkdir(join(folder, "bin"));
    // Another version, as the survey asks for it, so that nothing is reused.
    const version = `case "$1" in -version) echo "mksquashfs version 4.5.1-${folder.slice(-6)} (2022/03/17)"; exit 0;; esac`;
    await writeFile(join(folder, "bin/mksquashfs"), `#!/bin/sh\n${version}\n${script}\n`);
    await chmod(join(folder, "bin/mksquashfs"), 0o755);
    const env = { ...process.env, PATH: `${folder}/bin:${process.env["PATH"] ?? ""}` };
    done = await livewright(["build", "minimal", "--cache", testCache, "-o", join(folder, "out")], { env });
  });
  afterAll(() => rm(folder, { recursive: true, force: true }));

  test("the build is refused with status 5 or 8", () => {
    expect([5, 8], done.stderr).toContain(done.status);
  });

  test("nothing is published", async () => {
    await expect(stat(join(folder, "out"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("the raw copy is kept where the message says, with its boot loader, kernel and initramfs", async () => {
    const raw = /The raw copy of the root filesystem is kept: (.+)$/m.exec(done.stderr)?.[1] ?? "";
    const { size, blocks } = await stat(raw);
    expect(size).toBeGreaterThan(500e6);
    expect(blocks * 512).toBeLessThan(size); // sparse
    const first = await readHead(raw);
    expect(first.subarray(510)).toEqual(Buffer.from([0x55, 0xaa]));
    expect(first.includes("GRUB")).toBe(true);
  });
});

async function readHead(path: string): Promise<Buffer> {
  await using file = await open(path);
  return (await file.read(Buffer.alloc(512), 0, 512, 0)).buffer;
}

test("a folder that holds something of another hand is refused before any work", async () => {
  const folder = await mkdtemp(join(tmpdir(), "stranger's folder "));
  await writeFile(join(folder, "minimal-1.0-bookworm-amd64.iso"), "somebody's only copy\n");
  const done = await livewright(["build", "minimal", "--cache", testCache, "-o", folder]);
  expect(done.status).toBe(4);
  expect(done.stderr).toContain("was not made by livewright");
  expect(await readFile(join(folder, "minimal-1.0-bookworm-amd64.iso"), "utf8")).toBe("somebody's only copy\n");
  await rm(folder, { recursive: true });
});

test("an output folder with spaces, quotes and dollar signs is used as it is", async () => {
  const folder = join(await mkdtemp(join(tmpdir(), "names-")), `it's "my" $(folder); ok`);
  const done = await livewright(["build", "minimal", "--cache", testCache, "-o", folder]);
  expect(done.status, done.stderr).toBe(0);
  expect(done.stdout.trim()).toBe(join(folder, "minimal-1.0-bookworm-amd64.iso"));
  await rm(folder, { recursive: true });
});

test("too little space is told before the work starts, with what is there and what is needed", async () => {
  const folder = await mkdtemp(join(tmpdir(), "small-"));
  const done = await livewright([], {
    run: [
      "unshare",
      "--mount",
      "sh",
      "-c",
      'mount -t tmpfs -o size=2500m tmpfs "$1" && exec node "$2" build minimal --cache "$1/cache" -o "$1/out"',
      "sh",
      folder,
      `${checkout}/dist/main.js`,
    ],
  });
  expect(done.status, done.stderr).toBe(8);
  expect(done.stderr).toMatch(/has \d+ MB free, and \d+ MB are needed/);
  await rm(folder, { recursive: true });
});
