import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readImage } from "../../src/machine/medium.ts";
import { builtIso } from "../workshop.ts";
import { boots } from "./boots.ts";
import { otherDisk } from "./other-disk.ts";

test.each(["bios", "uefi"] as const)(
  "standard starts as a file on another disk, by loopback.cfg and %s",
  async (by) => {
    const iso = process.env["LIVEWRIGHT_GOOD_ISO"] ?? (await builtIso("standard"));
    const folder = await mkdtemp(join(tmpdir(), "loopback-"));
    try {
      const facts = await readImage(iso, new AbortController().signal);
      const disk = await otherDisk(folder, iso, facts, by);
      const verdict = await boots(disk, { facts, firmware: by, medium: "usb", entry: "live-serial", seconds: 1800 });
      expect(verdict, verdict.reason).toMatchObject({ passed: true });
      const arguments_ = verdict.findings.find(({ name }) => name.startsWith("the kernel was given"));
      expect(arguments_?.detail).toContain("findiso=/live.iso");
    } finally {
      await rm(folder, { recursive: true });
    }
  },
);
