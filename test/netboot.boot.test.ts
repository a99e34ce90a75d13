import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { livewright } from "./livewright.ts";
import { builtIso } from "./workshop.ts";

/** TFTP beside a lab's own DHCP server, and HTTP with addresses of ours; the other ways are tested with four layers. */
test.each([
  { firmware: "bios", by: "pxe", dhcp: "other", entry: "live-serial" },
  { firmware: "secure-boot", by: "http", dhcp: "serve", entry: "live-serial" },
])(
  "minimal boots without a disk by $firmware and $by, with addresses by $dhcp",
  async ({ firmware, by, dhcp, entry }) => {
    const folder = await builtIso("minimal", "--set", "media=[{ kind: netboot }]");
    const keep = await mkdtemp(join(tmpdir(), "shots-"));
    const words = [
      ...["test", folder, "--firmware", firmware, "--by", by, "--dhcp", dhcp, "--entry", entry, "--json"],
      ...["--screenshots", "shots", "--timeout", "1100", "--progress", "plain"],
    ];
    const done = await livewright(words, { cwd: keep });
    const pictures = (await readdir(join(keep, "shots"))).filter((name) => name.endsWith(".png"));
    await rm(keep, { recursive: true });
    expect(JSON.parse(done.stdout)).toMatchObject({ passed: true, verdicts: [{ firmware, medium: by, entry }] });
    expect(done.status).toBe(0);
    expect(pictures).not.toEqual([]);
  },
);
