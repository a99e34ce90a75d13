import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { Cache } from "../../src/build/cache.ts";
import { everyOwner, ownerMapping } from "../../src/system/owners.ts";

describe("a cache", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "cache-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true });
  });

  test("remembers the owners of who first builds in it, and welcomes them again", async () => {
    await Promise.all([new Cache(folder).claim(), new Cache(folder).claim(), new Cache(folder).claim()]);
    expect(await readFile(join(folder, "owners"), "utf8")).toBe(`${await ownerMapping()}\n`);
    await new Cache(folder).claim();
  });

  test("refuses who would see other owners, and says who made it", async () => {
    await writeFile(join(folder, "owners"), "0 1234 1,1 700000 65535; 0 1234 1,1 700000 65535\n");
    await expect(new Cache(folder).claim()).rejects.toMatchObject({
      code: "refused",
      message: expect.stringContaining(`${folder} was made by user 1234`) as string,
      remedy: expect.stringContaining("--cache") as string,
    });
  });

  test("without a word of its owners is root's, once there is something in it", async () => {
    await mkdir(join(folder, "objects"));
    const claimed = new Cache(folder).claim();
    if ((await ownerMapping()) === everyOwner) await claimed;
    else await expect(claimed).rejects.toMatchObject({ message: expect.stringContaining("made by root") as string });
  });
});
