import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { metapackage } from "../../src/cli/metapackage.ts";
import type { Session } from "../../src/cli/session.ts";

let folder = "";
let printed: string[] = [];

const session: Session = {
  signal: new AbortController().signal,
  print: (text) => printed.push(text),
  report: () => undefined,
};

const field = (deb: string, name: string): string =>
  execFileSync("dpkg-deb", ["--field", deb, name], { encoding: "utf8" }).trim();

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "livewright-meta-"));
  printed = [];
});

afterEach(() => {
  rmSync(folder, { recursive: true });
});

test("dpkg-deb reads from a recipe's metapackage what the recipe installs", async () => {
  const output = join(folder, "it's here");
  await metapackage("standard", { set: [], output }, session);
  const deb = join(output, "standard-live-tasks_1.0_all.deb");
  expect(printed).toEqual([deb]);
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
    await metapackage("minimal", { set: [], output: join(folder, "a") }, session);
  } finally {
    process.umask(umask);
  }
  await metapackage("minimal", { set: [], output: join(folder, "b") }, session);
  const [a, b] = printed.map((path) => readFileSync(path));
  expect(a?.equals(b ?? Buffer.alloc(0))).toBe(true);
});

test("a metapackage replaces itself, and nothing that is not itself", async () => {
  const output = folder;
  await metapackage("minimal", { set: [], output }, session);
  await metapackage("minimal", { set: ["layers[0].packages=[htop]"], output }, session);
  const deb = join(folder, "minimal-live-tasks_1.0_all.deb");
  expect(field(deb, "Depends")).toContain("htop");
  writeFileSync(deb, "somebody's notes");
  await expect(metapackage("minimal", { set: [], output }, session)).rejects.toMatchObject({ code: "refused" });
  expect(readFileSync(deb, "utf8")).toBe("somebody's notes");
});
