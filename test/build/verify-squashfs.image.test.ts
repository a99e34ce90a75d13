import { createHash, randomBytes } from "node:crypto";
import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { sealLayer } from "../../src/build/seal-layer.ts";
import { verifySquashfs } from "../../src/build/verify-squashfs.ts";
import { run } from "../../src/system/process.ts";
import { never, plant, scratch, type Plant } from "./plant.ts";

const epoch = 1_700_000_000;
const capability = Buffer.from("0100000200200000000000000000000000000000", "hex");
/** Content that no compression makes smaller, the same in every run. */
const noise = Buffer.concat(Array.from({ length: 3750 }, (_, at) => createHash("sha256").update(String(at)).digest()));

const tree: readonly Plant[] = [
  { path: "etc", type: "directory", xattrs: { "trusted.overlay.opaque": "y" } },
  { path: "etc/os-release", content: "ID=debian\n" },
  { path: "etc/linked", type: "link", target: "etc/os-release" },
  { path: "bin", type: "directory" },
  { path: "bin/ping", content: noise, mode: 0o755, xattrs: { "security.capability": capability, "user.note": "n" } },
  { path: "gone", type: "character", mode: 0, device: [0, 0] },
  { path: "tty", type: "character", device: [4, 300] },
  { path: "lnk", type: "symlink", target: "bin/ping" },
  { path: "pipe", type: "fifo" },
];

/** Seal a tree and squash its tar just as the build does. */
async function squashed(
  folder: string,
  name: string,
  plants: readonly Plant[],
  compression = "zstd",
): Promise<{ image: string; manifest: string }> {
  const [upper, tar, manifest, image] = ["tree", "tar", "manifest", "squashfs"].map(
    (end) => `${folder}/${name}.${end}`,
  ) as [string, string, string, string];
  await plant(upper, plants);
  await sealLayer({ upper, tar, manifest, epoch, signal: never() });
  const options = `-tar -noappend -exit-on-error -root-mode 0755 -comp ${compression} -b 1M -quiet -no-progress`;
  await run({
    tool: "sh",
    args: ["-c", `exec mksquashfs - "$1" ${options} < "$2"`, "sh", image, tar],
    env: { SOURCE_DATE_EPOCH: String(epoch) },
    signal: never(),
  });
  return { image, manifest };
}

const replaced = (path: string, change: Partial<Plant>): Plant[] =>
  tree.map((each) => (each.path === path ? { ...each, ...change } : each));

/** The same bits for every run, so that a miss can be looked at. */
function* draws(seed: number): Generator<number> {
  for (let state = seed; ;) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    yield state / 2 ** 32;
  }
}

describe("a squashfs made by the real mksquashfs", () => {
  let folder: Awaited<ReturnType<typeof scratch>>;
  let good: { image: string; manifest: string };
  beforeAll(async () => {
    folder = await scratch();
    good = await squashed(folder.path, "good", tree);
    return async () => {
      await folder[Symbol.asyncDispose]();
    };
  });
  const verify = (image: string): Promise<void> => verifySquashfs({ image, manifest: good.manifest, signal: never() });

  test("is believed when it holds what was squashed, opaque marks and capabilities included", async () => {
    await verify(good.image);
  });

  test.each<[string, readonly Plant[], RegExp]>([
    ["lacks a file", tree.filter(({ path }) => path !== "lnk"), /inodes instead of/],
    ["lacks a link", tree.filter(({ path }) => path !== "etc/linked"), /etc\/linked is missing/],
    ["has another file", replaced("lnk", { path: "lnk2" }), /lnk is missing\n {2}lnk2 should not be there/],
    ["has another mode", replaced("bin/ping", { mode: 0o4755 }), /bin\/ping: mode is 4755, not 0755/],
    ["has another owner", replaced("bin/ping", { uid: 7 }), /bin\/ping: owner is 7, not 0/],
    ["has another group", replaced("etc", { gid: 7 }), /etc: group is 7, not 0/],
    ["has another time", replaced("bin/ping", { mtime: 5 }), /bin\/ping: modification time is 5, not 1000/],
    ["has another type", replaced("pipe", { type: "file" }), /pipe: type is file, not fifo/],
    ["has another target", replaced("lnk", { target: "bin/pong" }), /lnk: target is bin\/pong, not bin\/ping/],
    ["has another device", replaced("tty", { device: [4, 301] }), /tty: device number is 4:301, not 4:300/],
    ["has other content", replaced("etc/os-release", { content: "ID=debiaN\n" }), /content is .*, not .*/],
    ["is not opaque", replaced("etc", { xattrs: {} }), /etc: attribute trusted.overlay.opaque is missing/],
    [
      "lost a capability",
      replaced("bin/ping", { xattrs: { "user.note": "n" } }),
      /attribute security.capability is missing/,
    ],
    [
      "has a copy instead of a link",
      [
        ...tree.filter(({ path }) => path !== "etc/linked" && path !== "pipe"),
        { path: "etc/linked", content: "ID=debian\n" },
      ],
      /is a file of its own, not a hard link of etc\/linked/,
    ],
  ])("is refused when it %s", async (name, plants, words) => {
    const { image } = await squashed(folder.path, name.replaceAll(" ", "-"), plants);
    const verdict = verify(image);
    await expect(verdict).rejects.toMatchObject({ code: "verification-failed" });
    await expect(verdict).rejects.toThrow(words);
  });

  test("is refused when it is 4 KiB of junk left by a program that exited 0", async () => {
    const image = `${folder.path}/junk`;
    await writeFile(image, randomBytes(4096));
    await expect(verify(image)).rejects.toThrow(/does not begin as a squashfs does/);
    await writeFile(image, (await readFile(good.image)).subarray(0, 4096));
    await expect(verify(image)).rejects.toThrow(/was cut to 4096/);
    await writeFile(image, "");
    await expect(verify(image)).rejects.toThrow(/it has 0 bytes/);
  });

  test("is refused when far too small for its content, before it is read", async () => {
    const lines = Array.from({ length: 9 }, (_, at) => ({
      path: String(at),
      type: "file",
      size: 8 * 2 ** 20,
      sha256: String(at),
    }));
    const manifest = `${folder.path}/large`;
    await writeFile(manifest, lines.map((line) => `${JSON.stringify(line)}\n`).join(""));
    const verdict = verifySquashfs({ image: good.image, manifest, signal: never() });
    await expect(verdict).rejects.toThrow(/it has only \d+ bytes for \d+ of content/);
  });

  test("is refused when cut anywhere, or with something after it", async () => {
    const image = `${folder.path}/cut`;
    const { length } = await readFile(good.image);
    for (const size of [95, 4096, length >> 1, length - 4096, length - 1, length + 1, length + 4096]) {
      await copyFile(good.image, image);
      await truncate(image, size);
      await expect(verify(image), `${String(size)} of ${String(length)}`).rejects.toMatchObject({
        code: "verification-failed",
      });
    }
  });

  test("is refused when one bit of it is flipped, wherever that is", async () => {
    const whole = await readFile(good.image);
    const random = draws(7);
    const draw = (below: number): number => Math.floor((random.next().value as number) * below);
    // The superblock bit by bit, but for the flags, some of which only say how the image was made; then anywhere.
    const superblock = Array.from({ length: 96 }, (_, at) => at).filter((at) => at !== 24 && at !== 25);
    const places = [...superblock, ...Array.from({ length: 906 }, () => draw(whole.length))];
    const missed: string[] = [];
    for (const at of places) {
      const bit = draw(8);
      const damaged = Buffer.from(whole);
      damaged.writeUInt8(damaged.readUInt8(at) ^ (1 << bit), at);
      const image = `${folder.path}/flipped`;
      await writeFile(image, damaged);
      const code = await verify(image).then(
        () => "believed",
        (error: unknown) => (error as { code?: string }).code,
      );
      if (code !== "verification-failed") missed.push(`byte ${String(at)}, bit ${String(bit)}: ${String(code)}`);
    }
    expect(missed).toEqual([]);
  });

  test.each(["gzip", "xz", "lz4", "lzo"])("is believed when it was compressed by %s", async (compression) => {
    const { image, manifest } = await squashed(folder.path, compression, tree, compression);
    await verifySquashfs({ image, manifest, signal: never() });
  });

  test("is believed with folders of thousands, attributes that files share, and three links", async () => {
    const shared = Buffer.alloc(3000, "shared");
    const many = Array.from({ length: 3000 }, (_, at): Plant => {
      const path = `many/${"name".repeat(5)}${String(at)}`;
      const own = at % 2 === 0 ? { "user.own": String(at) } : {};
      return { path, content: String(at % 50), uid: at, xattrs: { "user.shared": shared, ...own } };
    });
    const links = ["a", "b"].map((name): Plant => ({ path: name, type: "link", target: many[0]?.path ?? "" }));
    const plants: Plant[] = [{ path: "many", type: "directory" }, ...many, ...links];
    await verifySquashfs({ ...(await squashed(folder.path, "large", plants)), signal: never() });
  });

  test("at most ten differences are told, and how many more there are", async () => {
    const many = Array.from({ length: 15 }, (_, at): Plant => ({
      path: `file${String(at).padStart(2, "0")}`,
      content: "a",
    }));
    const changed = many.map((each): Plant => ({ ...each, content: "b" }));
    const { manifest } = await squashed(folder.path, "many", many);
    const { image } = await squashed(folder.path, "changed", changed);
    const verdict = verifySquashfs({ image, manifest, signal: never() });
    await expect(verdict).rejects.toThrow(/file09: content is [^]*\n {2}and 5 more$/);
  });

  test("stops when asked to", async () => {
    const stopped = AbortSignal.abort();
    await expect(verifySquashfs({ ...good, signal: stopped })).rejects.toThrow();
  });
});
