import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { test as bootTest } from "../../src/cli/test.ts";
import type { TestOptions } from "../../src/cli/options.ts";
import { speakingDisk } from "../../src/tools/speaking-disk.ts";

const options: TestOptions = {
  firmware: ["bios"],
  medium: ["cd"],
  by: ["pxe"],
  dhcp: "serve",
  uploadLimit: 1,
  print: false,
  json: false,
};

async function tested(image: Uint8Array, more: Partial<TestOptions>): Promise<{ path: string; printed: string }> {
  const folder = await mkdtemp(join(tmpdir(), "disk-"));
  const path = join(folder, "live.raw");
  await writeFile(path, image);
  let printed = "";
  const print = (text: string): void => void (printed += text);
  const session = { signal: new AbortController().signal, print, report: () => undefined };
  try {
    await bootTest(path, { ...options, ...more }, session);
    return { path, printed };
  } finally {
    await rm(folder, { recursive: true });
  }
}

test("--print of a raw disk is the plain line with the disk's path, below a comment", async () => {
  const { path, printed } = await tested(speakingDisk("x"), { print: true });
  expect(printed).toBe(
    `# bios from disk\nqemu-system-x86_64 -machine accel=kvm:tcg -m 4096 -smp 2 -drive file=${path},format=raw\n`,
  );
});

test("an image that nothing says how to log in to is refused before it is booted", async () => {
  await expect(tested(speakingDisk("x"), {})).rejects.toMatchObject({ code: "usage" });
});

test("a descriptor that is not open is refused", async () => {
  await expect(tested(speakingDisk("x"), { loginFd: 987 })).rejects.toMatchObject({ code: "usage" });
});

test("a file that is no image is refused", async () => {
  await expect(tested(Buffer.alloc(100_000, "text"), {})).rejects.toThrow("neither an ISO nor a raw disk image");
});
