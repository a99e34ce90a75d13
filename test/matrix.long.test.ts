import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { readImage } from "../src/machine/medium.ts";
import { offered, type Entry, type Firmware } from "../src/medium.ts";
import { checkout } from "./livewright.ts";
import { boots } from "./machine/boots.ts";
import { builtIso, recipeFolder } from "./workshop.ts";

const shots = join(checkout, ".livewright/shots");
mkdirSync(shots, { recursive: true });

const leaves = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.do === "menu" ? leaves(entry.entries) : [entry.name]));

async function holds(iso: string, wish: { firmware: Firmware; medium: "cd" | "usb"; entry?: string }): Promise<void> {
  const verdict = await boots(iso, { ...wish, keep: shots, seconds: 1800 });
  expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
  expect(verdict, verdict.reason).toMatchObject({ passed: true });
}

describe.each(["minimal", "standard", "rescue"])("%s", (recipe) => {
  test.each([
    { firmware: "bios", medium: "cd" },
    { firmware: "bios", medium: "usb" },
    { firmware: "uefi", medium: "cd" },
    { firmware: "uefi", medium: "usb" },
    { firmware: "secure-boot", medium: "cd" },
    { firmware: "secure-boot", medium: "usb" },
  ] as const)("boots by $firmware from $medium", async (cell) => {
    await holds(await builtIso(recipe), cell);
  });
});

test.each(["minimal", "standard"])("%s of trixie boots by BIOS and by Secure Boot", async (recipe) => {
  const iso = await builtIso(recipe, "--set", "suite=trixie");
  await holds(iso, { firmware: "bios", medium: "cd" });
  await holds(iso, { firmware: "secure-boot", medium: "usb" });
});

test.each(["bios", "uefi"] as const)("every entry of standard's menu does what it says by %s", async (firmware) => {
  const iso = await builtIso("standard");
  const { record } = await readImage(iso, new AbortController().signal);
  const names = leaves(offered(record?.menu.entries ?? [], firmware));
  expect(names.length).toBeGreaterThan(12);
  for (const entry of names) await holds(iso, { firmware, medium: "cd", entry });
});

test.each(["bios", "uefi"] as const)(
  "the automated installer has the recipe's answers, and an own entry its user's name, by %s",
  async (firmware) => {
    await using recipe = await recipeFolder({
      "recipe.yaml": [
        "name: auto",
        "extends: standard",
        "installer: { kind: debian-installer, preseed: answers.cfg }",
        "menu: { entries: [{ name: anna, title: Anna, arguments: [user-fullname=Anna] }] }",
        "",
      ].join("\n"),
      "answers.cfg": "d-i netcfg/get_hostname string classroom\nd-i passwd/root-login boolean false\n",
    });
    const iso = await builtIso(join(recipe.path, "recipe.yaml"));
    const verdict = await boots(iso, {
      firmware,
      medium: "cd",
      entry: "install-automated",
      keep: shots,
      seconds: 1800,
    });
    expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
    expect(verdict.findings.map(({ name }) => name)).toContain("the preseed answered netcfg/get_hostname");
    expect(verdict, verdict.reason).toMatchObject({ passed: true });
    await holds(iso, { firmware, medium: "usb", entry: "anna" });
  },
);

test("xfce reaches its desktop, and Calamares starts on it", async () => {
  const iso = await builtIso("xfce");
  const verdict = await boots(iso, {
    ...{ firmware: "uefi", medium: "usb", keep: shots, seconds: 3000 },
    checks: [
      "for try in $(seq 60); do pgrep -u user xfce4-panel && break; sleep 5; done",
      "chvt 7; DISPLAY=:0 XAUTHORITY=/home/user/.Xauthority setsid calamares > /dev/null 2>&1 & sleep 100; pgrep calamares",
    ],
  });
  expect(verdict.findings.filter(({ passed }) => !passed)).toEqual([]);
  expect(verdict, verdict.reason).toMatchObject({ passed: true });
});
