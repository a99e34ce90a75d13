import { createHash, randomBytes } from "node:crypto";
import { open, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { digestsIn, digestsOf, fillFrom } from "../../src/system/digests.ts";
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

describe("the digest of stretches", () => {
  test("is that of their bytes one after the other, as far as the file goes", async () => {
    await using place = await scratch();
    const content = randomBytes(4 * MiB);
    await writeFile(join(place.path, "file"), content);
    await using file = await open(join(place.path, "file"));
    const stretches = [
      { at: 2 * MiB + 5, length: MiB + 9 },
      { at: 0, length: 17 },
      { at: 3 * MiB + 3, length: 2 * MiB },
    ];
    expect(await digestsIn(fillFrom(file), stretches, ["sha256"])).toEqual([
      hex(
        "sha256",
        content.subarray(2 * MiB + 5, 3 * MiB + 14),
        content.subarray(0, 17),
        content.subarray(3 * MiB + 3),
      ),
    ]);
  });

  test("is not waited for after a stop", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));
    const never = (): Promise<number> => Promise.reject(new Error("it was read"));
    await expect(digestsIn(never, [{ at: 0, length: 1 }], ["sha256"], stopped)).rejects.toThrow("stopped");
  });
});
