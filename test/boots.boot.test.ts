import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout, livewright } from "./livewright.ts";
import { builtIso } from "./workshop.ts";

interface Told {
  readonly passed: boolean;
  readonly verdicts: readonly {
    readonly reason: string;
    readonly seconds: number;
    readonly findings: readonly { readonly name: string; readonly passed: boolean; readonly detail: string }[];
  }[];
}

// Four boots that between them cover every firmware, both media, and both the kinds of login: serial and typed.
test.each([
  { recipe: "minimal", firmware: "bios", medium: "cd", entry: "live" },
  { recipe: "minimal", firmware: "uefi", medium: "usb", entry: "live-serial" },
  { recipe: "standard", firmware: "bios", medium: "usb", entry: "live-serial" },
  { recipe: "standard", firmware: "secure-boot", medium: "cd", entry: "live-serial" },
])(
  "$recipe boots by $firmware from $medium, entry $entry, and proves it",
  async ({ recipe, firmware, medium, entry }) => {
    const iso = await builtIso(recipe);
    const shots = join(checkout, ".livewright/shots", recipe);
    const done = await livewright([
      ...["test", iso, "--firmware", firmware, "--medium", medium, "--entry", entry],
      ...["--screenshots", shots, "--timeout", "900", "--json", "--progress", "plain"],
    ]);
    expect(done.status, `${done.stderr}\n${done.stdout}`).toBe(0);
    const told = JSON.parse(done.stdout) as Told;
    expect(told.passed).toBe(true);
    const [verdict] = told.verdicts;
    expect(verdict?.reason).toContain("answered a nonce");
    expect(verdict?.findings.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict?.findings.map(({ name }) => name)).toContain("the layers are mounted in the right order");
  },
);
