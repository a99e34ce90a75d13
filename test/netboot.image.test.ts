import { copyFile, mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseList } from "../src/netboot/list.ts";
import { parseRecord, recordPathOf } from "../src/netboot/record.ts";
import { digestsOf } from "../src/system/digests.ts";
import { capture, run } from "../src/system/process.ts";
import { checkout, livewright, testCache } from "./livewright.ts";
import { ordinaryUser } from "./ordinary-user.ts";

const { signal } = new AbortController();
const wanted = ["--set", "media=[{ kind: iso }, { kind: netboot }]"];

let work = "";
let iso = "";
let folder = "";
beforeAll(async () => {
  work = await mkdtemp(join(tmpdir(), "livewright-netboot-"));
  const out = join(work, "out");
  const words = ["build", "minimal", ...wanted, "--cache", testCache, "-o", out, "--progress", "plain"];
  const done = await livewright(words);
  expect(done.status, done.stderr).toBe(0);
  [iso = "", folder = ""] = done.stdout.trim().split("\n");
});
afterAll(() => rm(work, { recursive: true, force: true }));

const sha256 = async (path: string): Promise<string> => (await digestsOf(path, ["sha256"]))[0] ?? "";

test("kernel, initramfs, modules and their order are the ISO's, byte for byte", async () => {
  const live = join(work, "live");
  await run({ tool: "xorriso", args: ["-osirrox", "on", "-indev", iso, "-extract", "/live", live], signal });
  const order = await readFile(join(live, "filesystem.module"), "utf8");
  const files = ["vmlinuz", "initrd.img", "filesystem.module", ...order.trim().split("\n")];
  expect(files).toHaveLength(7);
  for (const file of files) expect(await sha256(join(folder, "live", file)), file).toBe(await sha256(join(live, file)));
});

test("the folder passes inspection, and starts by BIOS, by UEFI and under Secure Boot", async () => {
  const done = await livewright(["inspect", folder, "--json"]);
  expect(done.status, done.stderr).toBe(0);
  const { findings, facts } = JSON.parse(done.stdout) as { findings: unknown; facts: { boot: unknown } };
  expect(findings).toEqual([]);
  expect(facts.boot).toEqual({ bios: true, uefi: true, secureBoot: true });
});

test("only the topmost layer holds nothing of dpkg's state", async () => {
  const { modules, chain } = parseList(await readFile(join(folder, "lists/default.modules"), "utf8"));
  expect(chain).toBe("base-essential-minimal-settings");
  const records = await Promise.all(
    modules.map(async ({ path }) => parseRecord(await readFile(join(folder, recordPathOf(path)), "utf8"))),
  );
  expect(records.map(({ name, configuration }) => [name, configuration])).toEqual([
    ["base", false],
    ["essential", false],
    ["minimal", false],
    ["settings", true],
  ]);
});

test("the second initrd has our scripts where they start before live-boot looks for a medium", async () => {
  const listed = await capture({
    tool: "cpio",
    args: ["-t", "--quiet"],
    inputFile: join(folder, "live/netboot.img"),
    signal,
  });
  const ours = (await readdir(join(checkout, "hooks/initramfs"))).map((name) => `scripts/live-premount/${name}`).sort();
  expect(ours).toContain("scripts/live-premount/livewright");
  expect(listed.trim().split("\n")).toEqual(["scripts", "scripts/live-premount", ...ours]);
});

test("everything in the output folder is as its list of sums says", async () => {
  await run({ tool: "sha256sum", args: ["--check", "--quiet", "SHA256SUMS"], cwd: join(work, "out"), signal });
});

test("an ordinary user with another umask, time zone and language gets the same from its record", async () => {
  await using user = await ordinaryUser();
  const record = join(user.home, basename(folder).replace(/\.netboot$/, ".netboot.json"));
  await copyFile(folder.replace(/\.netboot$/, ".netboot.json"), record);
  const out = join(user.home, "out");
  const words = ["reproduce", record, "minimal", "--cache", join(user.home, "cache"), "-o", out, "--progress", "plain"];
  const done = await user.livewright(words);
  expect(done.status, done.stderr + done.stdout).toBe(0);
  const theirs = await readFile(join(out, basename(folder), "SHA256SUMS"), "utf8");
  expect(theirs).toBe(await readFile(join(folder, "SHA256SUMS"), "utf8"));
});
