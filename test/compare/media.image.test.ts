import { appendFile, chmod, mkdir, mkdtemp, readFile, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Difference } from "../../src/compare/difference.ts";
import { compareMedia } from "../../src/compare/media.ts";
import { Samples } from "../../src/compare/samples.ts";
import { run } from "../../src/system/process.ts";
import { put, Workshop, type Making, type Parts } from "../audit/medium.ts";

const { signal } = new AbortController();
let workshop: Workshop;
let folder: string;
let published: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  folder = await mkdtemp(join(tmpdir(), "livewright-compare-"));
  published = await workshop.make({ after: (parts) => module(parts, base) });
});
afterAll(async () => {
  await workshop[Symbol.asyncDispose]();
  await rm(folder, { recursive: true });
});

const base = { "etc/motd": "welcome\n", "etc/passwd": "root:x:0:0\n" };

/** Put a squashfs with those files into a medium's tree; all else about it is the same every time. */
async function module(
  { tree }: Parts,
  files: Readonly<Record<string, string>>,
  { mode = 0o644, compression = "zstd" } = {},
): Promise<void> {
  const [from, image] = [join(folder, "squashed"), join(tree, "live/00-base.squashfs")];
  await rm(from, { recursive: true, force: true });
  await rm(image);
  for (const [path, text] of Object.entries(files)) await put(join(from, path), text);
  await chmod(join(from, "etc/passwd"), mode);
  const args = [
    from,
    image,
    "-noappend",
    "-comp",
    compression,
    "-quiet",
    "-no-progress",
    "-all-root",
    "-all-time",
    "0",
  ];
  await run({ tool: "mksquashfs", args: [...args, "-mkfs-time", "0"], signal });
  await utimes(image, 1_700_000_000, 1_700_000_000);
}

/** Compare the published medium with another one; checksum lists are left as they were. */
async function compared(after: Making["after"]): Promise<readonly Difference[]> {
  const rebuilt = await workshop.make({
    after: async (parts) => {
      await module(parts, base);
      await after?.(parts);
    },
  });
  return between(rebuilt);
}

async function between(rebuilt: string): Promise<readonly Difference[]> {
  const samples = await Samples.open(await mkdtemp(join(folder, "samples-")));
  return compareMedia({ published, rebuilt, samples, signal });
}

/** All but what differs whenever a medium is put together by hand: times of copies, and what xorriso writes into isolinux. */
const told = (differences: readonly Difference[]): readonly Difference[] =>
  differences.flatMap(({ changes, ...rest }) => {
    const kept = changes.filter(({ what }) => what !== "modification time");
    const always =
      ["ISO", "/isolinux/isolinux.bin", "/isolinux/boot.cat", "ESP"].includes(rest.path) && rest.inside === undefined;
    return always || kept.length === 0 ? [] : [{ ...rest, changes: kept }];
  });

test("a medium does not differ from its copy", async () => {
  expect(await between(await workshop.patched(published, () => undefined))).toEqual([]);
});

test("a file that grew is named with its sizes and the first byte that differs", async () => {
  const differences = await compared(({ tree }) => appendFile(join(tree, ".disk/info"), "tampered\n"));
  expect(differences[0]).toMatchObject({ path: "ISO", changes: [{ what: "content", firstByte: expect.any(Number) }] });
  expect(told(differences)).toEqual([
    {
      path: "/.disk/info",
      changes: [
        { what: "size", published: "11", rebuilt: "20" },
        { what: "content", firstByte: 11 },
      ],
    },
  ]);
});

test("mode, owner and time of a file are told", async () => {
  const rebuilt = join(folder, "changed.iso");
  // prettier-ignore
  const args = [
    "-indev", published, "-outdev", `stdio:${rebuilt}`,
    "-chmod", "0600", "/boot/memtest.bin", "--",
    "-chown", "7", "/boot/memtest.bin", "--",
    "-chgrp", "8", "/boot/memtest.bin", "--",
    "-alter_date", "m", "2001.09.09.014640", "/boot/memtest.bin", "--",
  ];
  await run({ tool: "xorriso", args, signal });
  const found = (await between(rebuilt)).find(({ path }) => path === "/boot/memtest.bin");
  expect(found?.changes).toEqual([
    { what: "mode", published: "0444", rebuilt: "0600" },
    { what: "owner", published: "0", rebuilt: "7" },
    { what: "group", published: "0", rebuilt: "8" },
    { what: "modification time", published: "1704164645", rebuilt: "1000000000" },
  ]);
});

test("files that only one of them has are told", async () => {
  const differences = await compared(async ({ tree }) => {
    await rm(join(tree, "boot/memtest.bin"));
    await mkdir(join(tree, "notes"));
  });
  expect(told(differences)).toEqual([
    { path: "/boot/memtest.bin", changes: [{ what: "presence", published: "file" }] },
    { path: "/notes", changes: [{ what: "presence", rebuilt: "directory" }] },
  ]);
});

test("within a squashfs the files that differ are named, and where they begin to", async () => {
  const differences = await compared((parts) =>
    module(parts, { ...base, "etc/motd": "welcoMe\n", "etc/new": "" }, { mode: 0o600 }),
  );
  expect(told(differences).filter(({ inside }) => inside !== undefined)).toEqual([
    {
      path: "/live/00-base.squashfs",
      inside: "etc/motd",
      changes: [
        {
          what: "content",
          published: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          rebuilt: expect.stringMatching(/^[0-9a-f]{64}$/) as string,
          firstByte: 5,
        },
      ],
    },
    { path: "/live/00-base.squashfs", inside: "etc/new", changes: [{ what: "presence", rebuilt: "file" }] },
    {
      path: "/live/00-base.squashfs",
      inside: "etc/passwd",
      changes: [{ what: "mode", published: "0644", rebuilt: "0600" }],
    },
  ]);
});

test("a squashfs that is only packed otherwise is told to hold the same files", async () => {
  const differences = await compared((parts) => module(parts, base, { compression: "gzip" }));
  const packed = told(differences).filter(({ path }) => path === "/live/00-base.squashfs");
  expect(packed.at(-1)?.changes).toEqual([{ what: "packing: the files in it are the same" }]);
});

test("a squashfs that cannot be read any more is told to be so, and not taken for a fault of ours", async () => {
  const differences = await compared(({ tree }) => truncate(join(tree, "live/00-base.squashfs"), 100));
  expect(told(differences).at(-1)).toEqual({
    path: "/live/00-base.squashfs",
    changes: [{ what: "squashfs", published: "can be read", rebuilt: "cannot be read" }],
  });
});

test("within the ESP the files that differ are named", async () => {
  const differences = await compared(({ esp }) => appendFile(join(esp, "boot/grub/grub.cfg"), "# more\n"));
  const size = (await readFile(join(workshop.folder, "parts/esp/boot/grub/grub.cfg"))).length;
  expect(told(differences).filter(({ path }) => path === "ESP")).toEqual([
    {
      path: "ESP",
      inside: "boot/grub/grub.cfg",
      changes: [
        { what: "size", published: String(size), rebuilt: String(size + 7) },
        { what: "content", firstByte: size },
      ],
    },
  ]);
});

test("a byte that belongs to no file is told by its place in the ISO", async () => {
  const patched = await workshop.patched(published, (bytes) => bytes.writeUInt8((bytes[5] ?? 0) ^ 1, 5));
  expect(await between(patched)).toEqual([{ path: "ISO", changes: [{ what: "content", firstByte: 5 }] }]);
});

test("what is no ISO at all is told to be none", async () => {
  const other = join(folder, "other.iso");
  await writeFile(other, "hello");
  const [difference, ...rest] = await between(other);
  expect(rest).toEqual([]);
  expect(difference?.changes[0]).toEqual({ what: "file system", published: "ISO 9660", rebuilt: "no ISO 9660" });
});
