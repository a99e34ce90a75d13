import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { livewright } from "../livewright.ts";
import { builtIso } from "../workshop.ts";

/** Between them every firmware and every medium, logins typed and logins over the serial line, a system as built and one in another language. */
test.each([
  { recipe: "minimal", firmware: "bios", medium: "cd", entry: "live" },
  { recipe: "minimal", firmware: "secure-boot", medium: "cd", entry: "live-serial" },
  { recipe: "standard", firmware: "bios", medium: "usb", entry: "live-serial" },
  { recipe: "standard", firmware: "uefi", medium: "usb", entry: "live-de_DE" },
])(
  "$recipe boots by $firmware from $medium to an answer, entry $entry",
  async ({ recipe, firmware, medium, entry }) => {
    const iso = await builtIso(recipe);
    const keep = await mkdtemp(join(tmpdir(), "shots-"));
    const done = await livewright([
      ...["test", iso, "--firmware", firmware, "--medium", medium, "--entry", entry, "--json"],
      ...["--screenshots", keep, "--junit", join(keep, "boot.xml"), "--timeout", "1100", "--progress", "plain"],
    ]);
    const report = await readFile(join(keep, "boot.xml"), "utf8");
    await rm(keep, { recursive: true });
    expect(JSON.parse(done.stdout)).toMatchObject({ passed: true, verdicts: [{ firmware, medium, entry }] });
    expect(done.status).toBe(0);
    expect(report).toContain('failures="0"');
  },
);
