import { execFileSync } from "node:child_process";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { metapackage } from "../../src/cli/metapackage.ts";
import { desk } from "../desk.ts";

const at = desk();

const field = (deb: string, name: string): string =>
  execFileSync("dpkg-deb", ["--field", deb, name], { encoding: "utf8" }).trim();

test("dpkg-deb reads from a recipe's metapackage what the recipe installs", async () => {
  const output = join(at.folder, "it's here");
  await metapackage("standard", { set: [], output }, at.session);
  const deb = join(output, "standard-live-tasks_1.0_all.deb");
  expect(at.printed).toEqual([deb]);
  expect(field(deb, "Package")).toBe("standard-live-tasks");
  const depends = field(deb, "Depends").split(/,\s+/u);
  expect(depends).toEqual(
    expect.arrayContaining(["task-ssh-server", "task-laptop", "wpasupplicant", "live-boot", "man-db"]),
  );
  expect(depends).toEqual([...depends].sort());
  expect(field(deb, "Recommends").split(/,\s+/u)).toContain("firmware-iwlwifi");
  const content = execFileSync("dpkg-deb", ["--contents", deb], { encoding: "utf8" });
  expect(content).toBe("drwxr-xr-x root/root         0 1970-01-01 00:00 ./\n");
});

test("a recipe's metapackage is the same, byte for byte, whoever packs it and when", async () => {
  const umask = process.umask(0o077);
  try {
    await metapackage("minimal", { set: [], output: join(at.folder, "a") }, at.session);
  } finally {
    process.umask(umask);
  }
  await metapackage("minimal", { set: [], output: join(at.folder, "b") }, at.session);
  const [a, b] = at.printed.map((path) => readFileSync(path));
  expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
});

test("a metapackage replaces itself, and nothing that is not itself", async () => {
  const output = at.folder;
  await metapackage("minimal", { set: [], output }, at.session);
  await metapackage("minimal", { set: ["layers[0].packages=[htop]"], output }, at.session);
  const deb = join(at.folder, "minimal-live-tasks_1.0_all.deb");
  expect(field(deb, "Depends")).toContain("htop");
  writeFileSync(deb, "somebody's notes");
  await expect(metapackage("minimal", { set: [], output }, at.session)).rejects.toMatchObject({ code: "refused" });
  expect(readFileSync(deb, "utf8")).toBe("somebody's notes");
});
