import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { build } from "../../src/cli/build.ts";

const session = { signal: new AbortController().signal, print: () => undefined, report: () => undefined };

test("a folder that nothing can be put into is refused before any work", async () => {
  const cache = await mkdtemp(join(tmpdir(), "livewright-refused-"));
  const options = {
    set: [],
    cache,
    output: "/proc/sys/kernel/out",
    keepFailed: false,
    keepRaw: false,
    jobs: 1,
    offline: true,
  };
  await expect(build("minimal", options, session)).rejects.toMatchObject({
    code: "refused",
    remedy: "name another folder with -o",
  });
  expect(await readdir(cache)).toEqual([]);
  await rm(cache, { recursive: true });
});
