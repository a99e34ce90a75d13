import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, describe, expect, test } from "vitest";
import { capture } from "../src/system/process.ts";
import { builtIso, recipeFolder } from "./workshop.ts";

const signal = new AbortController().signal;

/** A file of an ISO, as text. */
async function onMedium(iso: string, path: string): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "medium-"));
  const args = ["-osirrox", "on", "-indev", iso, "-extract", path, join(folder, "file")];
  await capture({ tool: "xorriso", args, signal });
  const text = await readFile(join(folder, "file"), "utf8");
  await rm(folder, { recursive: true });
  return text;
}

describe("a recipe that changes its medium", () => {
  let iso = "";
  beforeAll(async () => {
    await using folder = await recipeFolder({
      "recipe.yaml": [
        "name: changed",
        "extends: minimal",
        'menu: { title: "Changed & Co", theme: contrast, entries: [{ name: kiosk, title: Kiosk, arguments: [kiosk=1] }] }',
        "medium-hooks: [hooks/add-notes]",
        "volume: CHANGED_1",
      ].join("\n"),
      "hooks/add-notes":
        '#!/bin/sh\ntest "$#" = 1 && test -d "$1/live" && test ! -e "$1/sha256sum.txt" && echo "for the curious" > "$1/notes.txt"\n',
    });
    iso = await builtIso(join(folder.path, "recipe.yaml"));
  });

  test("has its entry, with its arguments, in both menus", async () => {
    for (const menu of ["/isolinux/isolinux.cfg", "/boot/grub/grub.cfg"]) {
      const text = await onMedium(iso, menu);
      expect(text, menu).toContain("Kiosk");
      expect(text, menu).toContain("kiosk=1");
    }
    // Each menu's title, unchanged by any escaping that is not its own.
    for (const titled of ["/isolinux/isolinux.cfg", "/boot/grub/theme/large/theme.txt"])
      expect(await onMedium(iso, titled), titled).toContain("Changed & Co");
  });

  test("has what its medium hook added, checksums over it included", async () => {
    expect(await onMedium(iso, "/notes.txt")).toBe("for the curious\n");
    for (const list of ["/sha256sum.txt", "/md5sum.txt"])
      expect(await onMedium(iso, list)).toContain("  ./notes.txt\n");
  });

  test("has the volume id it asked for and a marker no other build has", async () => {
    const report = await capture({ tool: "xorriso", args: ["-indev", iso, "-pvd_info"], signal });
    expect(report).toContain("Volume Id    : CHANGED_1");
    const { marker } = JSON.parse(await onMedium(iso, "/.disk/livewright.json")) as { marker: string };
    const other = JSON.parse(await onMedium(await builtIso("minimal"), "/.disk/livewright.json")) as { marker: string };
    expect(marker).toMatch(/^\/\.disk\/id\/[0-9a-f-]{36}$/);
    expect(marker).not.toBe(other.marker);
    expect(await onMedium(iso, "/boot/grub/esp-grub.cfg")).toContain(marker);
  });

  test("lists its modules lowest first", async () => {
    expect(await onMedium(iso, "/live/filesystem.module")).toBe(
      ["01-base", "02-essential", "03-minimal", "04-settings"].map((name) => `${name}.squashfs\n`).join(""),
    );
  });
});

test("standard has tasks and the packages named explicitly", async () => {
  const iso = await builtIso("standard");
  const packages = (await readFile(iso.replace(/iso$/, "packages"), "utf8"))
    .split("\n")
    .map((line) => line.split("\t")[0]);
  for (const name of [
    "task-ssh-server",
    "task-laptop",
    "wpasupplicant",
    "openssh-server",
    "firmware-iwlwifi",
    "man-db",
  ])
    expect(packages).toContain(name);
});

test("standard carries the installer in every way that its menu offers", async () => {
  const iso = await builtIso("standard");
  const { menu } = JSON.parse(await onMedium(iso, "/.disk/livewright.json")) as {
    menu: { entries: { name: string }[] };
  };
  expect(menu.entries.map(({ name }) => name)).toContain("install");
  const listed = await onMedium(iso, "/sha256sum.txt");
  for (const path of ["vmlinuz", "initrd.gz", "gtk/vmlinuz", "gtk/initrd.gz"])
    expect(listed).toContain(`  ./install/${path}\n`);
});
