import { createHash, randomBytes } from "node:crypto";
import { truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { describe, expect, test } from "vitest";
import { digestsOf, digestsOfAll } from "../../src/system/digests.ts";
import { scratch } from "../build/plant.ts";

const hex = (algorithm: string, ...pieces: readonly Buffer[]): string => {
  const hash = createHash(algorithm);
  for (const piece of pieces) hash.update(piece);
  return hash.digest("hex");
};

const MiB = 2 ** 20;

describe("the digest of a file", () => {
  test.each([0, 1, MiB - 1, MiB, MiB + 1, 3 * MiB, 5 * MiB + 7, 64 * MiB + 3])(
    "of %i bytes is that of all its bytes",
    async (size) => {
      await using place = await scratch();
      const content = randomBytes(size);
      await writeFile(join(place.path, "file"), content);
      expect(await digestsOf(join(place.path, "file"), ["sha256", "md5"])).toEqual([
        hex("sha256", content),
        hex("md5", content),
      ]);
    },
  );
});

describe("digests of stretches", () => {
  test("are those of their bytes one after the other, as far as the file goes", async () => {
    await using place = await scratch();
    const content = randomBytes(4 * MiB);
    const path = join(place.path, "file");
    await writeFile(path, content);
    const stretches = [
      { at: 2 * MiB + 5, length: MiB + 9 },
      { at: 0, length: 17 },
      { at: 3 * MiB + 3, length: 2 * MiB },
    ];
    const other = [{ at: 7, length: 11 }];
    const contents = [
      { path, stretches },
      { path, stretches: other },
    ];
    const bytes = [content.subarray(2 * MiB + 5, 3 * MiB + 14), content.subarray(0, 17), content.subarray(3 * MiB + 3)];
    expect(await digestsOfAll(contents, ["sha256", "md5"])).toEqual([
      [hex("sha256", ...bytes), hex("md5", ...bytes)],
      [hex("sha256", content.subarray(7, 18)), hex("md5", content.subarray(7, 18))],
    ]);
  });

  test("are not waited for after a stop", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));
    await expect(digestsOfAll([{ path: "/dev/null", stretches: [] }], ["sha256"], stopped)).rejects.toThrow("stopped");
  });

  test("are given up at a stop, however long they would take", async () => {
    await using place = await scratch();
    const path = join(place.path, "file");
    await writeFile(path, "");
    await truncate(path, 2 ** 40);
    const stop = new AbortController();
    const digests = digestsOfAll([{ path, stretches: [{ at: 0, length: 2 ** 40 }] }], ["sha256"], stop.signal);
    await setTimeout(50);
    stop.abort(new Error("stopped"));
    await expect(digests).rejects.toThrow("stopped");
  });

  test("fail as the reading of a file does, in a thread too", async () => {
    const missing = [{ path: "/no/such/file", stretches: [{ at: 0, length: 2 ** 30 }] }];
    await expect(digestsOfAll(missing, ["sha256"])).rejects.toThrow(/ENOENT.*no\/such\/file/);
  });
});
