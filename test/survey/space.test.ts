import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { forecast, freeSpace } from "../../src/system/disk.ts";

const stages = [
  { name: "base", bytes: 700_000_000 },
  { name: "squashfs", bytes: 250_000_000 },
];

test("work that fits is let through", () => {
  forecast(stages, { path: "/var/cache", bytes: 950_000_000 });
});

test("work that does not fit is refused with what is there, what is needed, and for which stages", () => {
  const attempt = (): void => {
    forecast(stages, { path: "/var/cache", bytes: 949_999_999 });
  };
  expect(attempt).toThrow(
    expect.objectContaining({
      code: "no-space",
      message: "/var/cache has 950 MB free, and 950 MB are needed:\n  base      700 MB\n  squashfs  250 MB",
    }),
  );
});

test("the space for a folder that does not exist yet is that of the nearest one above it", async () => {
  const folder = mkdtempSync(join(tmpdir(), "livewright-space-"));
  const [here, deeper] = await Promise.all([freeSpace(folder), freeSpace(join(folder, "a/b/c"))]);
  expect(deeper.path).toBe(join(folder, "a/b/c"));
  expect(deeper.device).toBe(here.device);
  expect(deeper.bytes).toBeGreaterThan(0);
  rmSync(folder, { recursive: true });
});
