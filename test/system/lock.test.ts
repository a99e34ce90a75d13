import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { lock, tryLock } from "../../src/system/lock.ts";
import { never, scratch } from "../build/plant.ts";

test("a lock is held until it is given back, for a stop leaves things to tidy up", async () => {
  await using place = await scratch();
  const file = join(place.path, "file");
  await writeFile(file, "");
  const stop = new AbortController();
  const held = await lock(file, stop.signal, () => undefined);
  stop.abort(new Error("stopped"));
  expect(await tryLock(file, never())).toBeUndefined();
  await held[Symbol.asyncDispose]();
  await using free = await tryLock(file, never());
  expect(free).toBeDefined();
});

test("waiting for a lock ends with a stop", async () => {
  await using place = await scratch();
  const file = join(place.path, "file");
  await writeFile(file, "");
  await using _held = await lock(file, never(), () => undefined);
  const stop = new AbortController();
  const waiting = lock(file, stop.signal, () => {
    stop.abort(new Error("stopped"));
  });
  await expect(waiting).rejects.toThrow("stopped");
});
