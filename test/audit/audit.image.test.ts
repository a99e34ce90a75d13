import { readdir, readFile, rename, rm, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { audit } from "../../src/audit/audit.ts";
import { crc32 } from "../../src/audit/crc32.ts";
import { inspect, inWords } from "../../src/cli/inspect.ts";
import type { Command } from "../../src/command.ts";
import { recordPath } from "../../src/medium.ts";
import { run } from "../../src/system/process.ts";
import { put, record, Workshop, type Making, type Parts } from "./medium.ts";
import { kernel, program } from "./program.ts";

const never = new AbortController().signal;
let workshop: Workshop;
let good: string;

beforeAll(async () => {
  workshop = await Workshop.open();
  good = await workshop.make();
});
afterAll(async () => {
  await workshop[Symbol.asyncDispose]();
});

const told = async (iso: string): Promise<string[]> =>
  (await audit(iso, never)).findings.map(({ level, where, what }) => `${level}: ${where}: ${what}`);

describe("a medium put together as the build does it", () => {
  test("has nothing wrong with it, and is known for what it is", async () => {
    const { findings, facts } = await audit(good, never);
    expect(findings).toEqual([]);
    expect(facts).toMatchObject({
      name: "sample",
      volume: "SAMPLE_1",
      marker: record.marker,
      boot: { bios: true, uefi: true, secureBoot: true },
      kernels: [{ path: "/live/vmlinuz", release: "6.1.0-99-amd64", signed: true }],
      entries: {
        bios: ["live", "serial", "languages", "languages/german", "languages/french", "memtest", "disk"],
        uefi: ["live", "serial", "languages", "languages/german", "languages/french", "memtest", "firmware", "disk"],
      },
    });
    expect(facts.modules.map(({ path, compression }) => [path, compression])).toEqual([
      ["/live/00-base.squashfs", "zstd"],
      ["/live/01-settings.squashfs", "zstd"],
    ]);
    expect(facts.checked).toBe(facts.files - facts.exempt);
    expect(facts.exempt).toBe(4);
  });

  test("is still good when its partitions are made by the other way that xorriso knows", async () => {
    const command = (each: Command): Command => ({
      ...each,
      args: each.args.map((arg) => (arg === "-isohybrid-gpt-basdat" ? "-appended_part_as_gpt" : arg)),
    });
    expect(await told(await workshop.make({ command }))).toEqual([]);
  });

  test("is told about in words, and as one object, with status 5 when something is wrong", async () => {
    const printed: string[] = [];
    const session = { signal: never, print: (text: string) => printed.push(text), report: () => undefined };
    await inspect(good, { json: false }, session);
    expect(printed[0]).toMatch(/^starts by +BIOS, UEFI, Secure Boot$/m);
    expect(printed[0]).toMatch(/It hangs together\.$/);
    const cut = await workshop.patched(good, (bytes) => bytes.subarray(0, -4096));
    await expect(inspect(cut, { json: true }, session)).rejects.toMatchObject({ code: "verification-failed" });
    const verdict = JSON.parse(printed[1] ?? "") as Awaited<ReturnType<typeof audit>>;
    expect(verdict.findings.length).toBeGreaterThan(0);
    expect(inWords(verdict)).toContain("it was cut");
    const many = {
      ...verdict,
      findings: Array.from({ length: 40 }, () => verdict.findings[0]).flatMap((each) => each ?? []),
    };
    expect(inWords(many)).toContain("… and 10 more, all of them with --json\n40 errors, 0 warnings");
  });
});

/** What was done to the finished file, and what must be said of it. */
const damages: readonly (readonly [string, (bytes: Buffer) => unknown, RegExp])[] = [
  ["was cut", (bytes) => bytes.subarray(0, -2048), /error: ISO 9660: .*it was cut/],
  ["was cut in its middle", (bytes) => bytes.subarray(0, 600_000), /error: .*lies beyond the end/],
  [
    "has something added",
    (bytes) => Buffer.concat([bytes, Buffer.alloc(2048)]),
    /warning: ISO 9660: .*something was added/,
  ],
  ["has no volume descriptor", (bytes) => bytes.fill(0, 32768, 32800), /this is no ISO image/],
  ["has a volume id in small letters", (bytes) => bytes.write("sample", 32768 + 40), /the volume id "sample_1" is not/],
  [
    "has another volume id",
    (bytes) => bytes.write("OTHER", 32768 + 40),
    /the volume id is OTHERE_1 instead of SAMPLE_1/,
  ],
  ["tells two sizes", (bytes) => bytes.writeUInt32BE(7, 32768 + 84), /volume size is written in two ways/],
  ["has no boot record", (bytes) => bytes.write("XX", 34816 + 7), /error: El Torito: the medium has no boot record/],
  [
    "has a wrong catalog checksum",
    (bytes) => toggle(bytes, catalog(bytes) + 28),
    /checksum of the boot catalog is wrong/,
  ],
  [
    "is not bootable by BIOS",
    (bytes) => bytes.fill(0, catalog(bytes) + 32, catalog(bytes) + 33),
    /the BIOS entry is marked as not bootable/,
  ],
  ["starts another file by BIOS", (bytes) => bytes.writeUInt32LE(20, catalog(bytes) + 40), /BIOS entry points to none/],
  [
    "has no UEFI entry",
    (bytes) => bytes.fill(0, catalog(bytes) + 65, catalog(bytes) + 66),
    /error: El Torito: there is no entry for UEFI/,
  ],
  [
    "starts UEFI elsewhere",
    (bytes) => bytes.writeUInt32LE(20, catalog(bytes) + 104),
    /UEFI entry does not point to the EFI/,
  ],
  [
    "has a damaged isolinux",
    (bytes) => toggle(bytes, isolinux(bytes) + 5000),
    /isolinux.bin: its content does not fit the sum/,
  ],
  [
    "has a wrong boot info table",
    (bytes) => toggle(bytes, isolinux(bytes) + 12),
    /boot info table names another place/,
  ],
  ["has no MBR signature", (bytes) => bytes.fill(0, 510, 512), /error: MBR: its signature 55 AA is missing/],
  ["has no boot code", (bytes) => bytes.fill(0, 0, 400), /error: MBR: its boot code is not isohybrid's/],
  [
    "looks for isolinux elsewhere",
    (bytes) => toggle(bytes, 433),
    /MBR: its boot code looks for isolinux.bin in another place/,
  ],
  [
    "has a partition beyond its end",
    (bytes) => bytes.writeUInt32LE(1e9, 474),
    /error: MBR: partition 2 does not lie within/,
  ],
  ["has overlapping partitions", (bytes) => bytes.writeUInt32LE(5000, 458), /MBR: partition 1 and partition 2 overlap/],
  ["has no GPT", (bytes) => bytes.fill(0, 512, 1024), /error: GPT: it is missing/],
  ["has a damaged GPT header", (bytes) => toggle(bytes, 512 + 56), /GPT: the checksum of its header is wrong/],
  [
    "has a damaged GPT entry",
    (bytes) => toggle(bytes, Number(bytes.readBigUInt64LE(512 + 72)) * 512 + 40),
    /GPT: the checksum of its partitions is wrong/,
  ],
  ["has no backup GPT", (bytes) => bytes.fill(0, bytes.length - 512), /error: backup GPT: it is missing/],
  ["has a damaged backup GPT", (bytes) => toggle(bytes, bytes.length - 512 + 90), /backup GPT: the checksum of its/],
  ["has a GPT of another disk", otherBackup, /backup GPT: it is not a copy of the first table/],
  [
    "has a damaged ESP",
    (bytes) => bytes.fill(0x55, esp(bytes) + 512, esp(bytes) + 3000),
    /error: ESP: its file system is damaged/,
  ],
  ["has no FAT in its ESP", (bytes) => bytes.fill(0, esp(bytes), esp(bytes) + 512), /error: ESP: /],
  [
    "has a damaged kernel",
    (bytes) => flip(bytes, "kernelkernelkernel"),
    /vmlinuz: it has a signature that does not fit it/,
  ],
  ["has a damaged file", (bytes) => flip(bytes, "Sample 1.0\n"), /sha256sum.txt: \/.disk\/info has other content/],
  ["has a damaged module", (bytes) => flip(bytes, "hsqs"), /\/live\/00-base.squashfs: it does not begin as a squashfs/],
];

describe("a finished medium", () => {
  test.each(damages)("that %s is found out", async (_, damage, words) => {
    expect((await told(await workshop.patched(good, damage))).join("\n")).toMatch(words);
  });
});

const catalog = (bytes: Buffer): number => bytes.readUInt32LE(17 * 2048 + 0x47) * 2048;
const isolinux = (bytes: Buffer): number => bytes.readUInt32LE(catalog(bytes) + 40) * 2048;
const esp = (bytes: Buffer): number => bytes.readUInt32LE(462 + 8) * 512;

const toggle = (bytes: Buffer, at: number): number => bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);

function flip(bytes: Buffer, content: string): void {
  toggle(bytes, bytes.indexOf(content));
}

/** The backup's disk GUID changed, and its checksum made right again. */
function otherBackup(bytes: Buffer): void {
  const header = bytes.subarray(bytes.length - 512);
  toggle(header, 56);
  header.writeUInt32LE(0, 16);
  header.writeUInt32LE(crc32(header.subarray(0, 92)), 16);
}

const edit = async (path: string, change: (text: string) => string): Promise<void> => {
  const [before, after] = [await readFile(path, "latin1"), change(await readFile(path, "latin1"))];
  expect(after).not.toBe(before);
  await writeFile(path, after, "latin1");
};

type Spoil = (parts: Parts) => Promise<void>;

/** What was done to the parts before checksums were made, and what must be said of the medium. */
const mistakes: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    "lacks the kernel that menus name",
    ({ tree }) => rm(join(tree, "live/vmlinuz")),
    /isolinux.cfg: \/live\/vmlinuz, which the entry live names, is not on the medium/,
  ],
  [
    "lacks the kernel that GRUB names",
    ({ tree }) => rm(join(tree, "live/vmlinuz")),
    /grub.cfg: \/live\/vmlinuz, which the entry live names/,
  ],
  [
    "lacks its splash",
    ({ tree }) => rm(join(tree, "isolinux/splash.png")),
    /isolinux.cfg: \/isolinux\/splash.png, which it names, is not/,
  ],
  [
    "lacks isolinux's core",
    ({ tree }) => rm(join(tree, "isolinux/ldlinux.c32")),
    /\/isolinux\/ldlinux.c32, which isolinux names/,
  ],
  [
    "lacks a library of isolinux",
    ({ tree }) => rm(join(tree, "isolinux/libutil.c32")),
    /vesamenu.c32: it needs \/isolinux\/libutil.c32/,
  ],
  [
    "lacks a theme",
    ({ tree }) => rm(join(tree, "boot/grub/theme"), { recursive: true }),
    /grub.cfg: \/boot\/grub\/theme\/small\/theme.txt/,
  ],
  [
    "lacks a theme's picture",
    ({ tree }) => rm(join(tree, "boot/grub/theme/small/background.png")),
    /theme.txt: its picture background.png/,
  ],
  ["lacks a theme's frame", removeFrame, /theme.txt: its picture panel_\*.png is not/],
  [
    "lacks the BIOS menu",
    ({ tree }) => rm(join(tree, "isolinux/isolinux.cfg")),
    /error: \/isolinux\/isolinux.cfg: this menu is missing/,
  ],
  ["lacks loopback.cfg", ({ tree }) => rm(join(tree, "boot/grub/loopback.cfg")), /loopback.cfg: this menu is missing/],
  [
    "lacks its marker",
    ({ tree }) => rm(join(tree, record.marker)),
    /the file by which GRUB finds its medium is missing/,
  ],
  [
    "looks for another marker",
    ({ esp }) => edit(join(esp, "boot/grub/grub.cfg"), (text) => text.replace("3f0c", "3f0d")),
    /grub.cfg in the ESP: it does not look for this medium's marker/,
  ],
  [
    "has an ESP without menu",
    ({ esp }) => rm(join(esp, "boot/grub/grub.cfg")),
    /grub.cfg in the ESP: this menu is missing/,
  ],
  [
    "has an ESP without shim",
    ({ esp }) => rm(join(esp, "EFI/boot/bootx64.efi")),
    /ESP: \/efi\/boot\/bootx64.efi is missing/,
  ],
  [
    "has an ESP without MokManager",
    ({ esp }) => rm(join(esp, "EFI/boot/mmx64.efi")),
    /ESP: \/efi\/boot\/mmx64.efi is missing/,
  ],
  [
    "has an unsigned GRUB",
    ({ esp }) => put(join(esp, "EFI/boot/grubx64.efi"), program("x86-64", false)),
    /grubx64.efi is not signed: Secure Boot refuses it/,
  ],
  [
    "has a GRUB changed after signing",
    ({ esp }) => edit(join(esp, "EFI/boot/grubx64.efi"), (text) => text.replace("x86-64", "x86-65")),
    /grubx64.efi has a signature that does not fit it/,
  ],
  [
    "has a loader of another machine",
    ({ esp }) => put(join(esp, "EFI/boot/bootx64.efi"), program("i386", true)),
    /bootx64.efi is for i386 instead of x86-64/,
  ],
  [
    "has a loader that is none",
    ({ esp }) => put(join(esp, "EFI/boot/bootia32.efi"), "text"),
    /bootia32.efi is no program/,
  ],
  [
    "starts another kernel by BIOS",
    ({ tree }) =>
      edit(join(tree, "isolinux/isolinux.cfg"), (text) =>
        text.replace("LINUX /live/vmlinuz", "LINUX /boot/memtest.bin"),
      ),
    /isolinux.cfg: the entry live starts \/boot\/memtest.bin instead of/,
  ],
  [
    "has other arguments under UEFI",
    ({ tree }) => edit(join(tree, "boot/grub/grub.cfg"), (text) => text.replace("components", "quiet")),
    /grub.cfg: the entry live passes "boot=live quiet"/,
  ],
  [
    "has one entry less under BIOS",
    ({ tree }) => edit(join(tree, "isolinux/isolinux.cfg"), (text) => text.replace(/LABEL serial\n[^]*?\n\n/, "")),
    /isolinux.cfg: it offers live, languages/,
  ],
  [
    "has an unsigned kernel",
    ({ tree }) => put(join(tree, "live/vmlinuz"), kernel(record.kernel, false)),
    /warning: \/live\/vmlinuz: it is not signed/,
  ],
  [
    "has a kernel of another release",
    ({ tree }) => put(join(tree, "live/vmlinuz"), kernel("6.9", true)),
    /its kernel is 6.9 instead of 6.1.0-99-amd64/,
  ],
  [
    "has a kernel that is none",
    ({ tree }) => put(join(tree, "live/vmlinuz"), "text"),
    /vmlinuz: it is no Linux kernel/,
  ],
  [
    "has an initrd that is none",
    ({ tree }) => put(join(tree, "live/initrd.img"), "text"),
    /initrd.img: it does not begin as an initrd does/,
  ],
  [
    "lacks a module",
    ({ tree }) => rm(join(tree, "live/01-settings.squashfs")),
    /\/live\/01-settings.squashfs: this module is missing/,
  ],
  [
    "has modules in another order",
    ({ tree }) => put(join(tree, "live/filesystem.module"), "01-settings.squashfs\n00-base.squashfs\n"),
    /filesystem.module: it lists 01-settings/,
  ],
  [
    "lacks filesystem.module",
    ({ tree }) => rm(join(tree, "live/filesystem.module")),
    /live-boot would order the modules by name/,
  ],
  [
    "has a module too many",
    ({ tree }) => rename(join(tree, "boot/memtest.bin"), join(tree, "live/x.squashfs")),
    /warning: \/live\/x.squashfs: this module is not in/,
  ],
  [
    "has a module that was cut",
    ({ tree }) => truncate(join(tree, "live/00-base.squashfs"), 200),
    /00-base.squashfs: it should have \d+ bytes and was cut to 200/,
  ],
  ["says nothing of itself", ({ tree }) => rm(join(tree, recordPath)), /livewright.json: it is missing/],
  ["says nonsense of itself", ({ tree }) => put(join(tree, recordPath), "{"), /livewright.json: it cannot be read/],
  ["has no .disk/info", ({ tree }) => put(join(tree, ".disk/info"), "\n"), /\.disk\/info: it is missing or empty/],
];

async function removeFrame({ tree }: Parts): Promise<void> {
  const folder = join(tree, "boot/grub/theme/small");
  for (const name of await readdir(folder)) if (name.startsWith("panel_")) await rm(join(folder, name));
}

describe("a medium whose build went wrong in that it", () => {
  test.each(mistakes)("%s is found out", async (_, before, words) => {
    expect((await told(await workshop.make({ before }))).join("\n")).toMatch(words);
  });
});

/** What was done to the parts after checksums were made. */
const slips: readonly (readonly [string, Spoil, RegExp])[] = [
  [
    "has a file that no list names",
    ({ tree }) => put(join(tree, "late"), "late"),
    /error: \/sha256sum.txt: \/late is not listed/,
  ],
  [
    "lists a file that is not there",
    ({ tree }) => rm(join(tree, "EFI/boot/mmx64.efi")),
    /error: \/md5sum.txt: \/EFI\/boot\/mmx64.efi is not on/,
  ],
  [
    "has a file changed since",
    ({ tree }) => put(join(tree, ".disk/info"), "other\n"),
    /error: \/md5sum.txt: \/.disk\/info has other content/,
  ],
  [
    "lacks a list",
    ({ tree }) => rm(join(tree, "md5sum.txt")),
    /error: \/md5sum.txt: this list of checksums is missing/,
  ],
  [
    "has a list that is none",
    ({ tree }) => put(join(tree, "sha256sum.txt"), "nothing\n"),
    /sha256sum.txt: it is not a list of checksums/,
  ],
];

describe("a medium that after its checksums were made", () => {
  test.each(slips)("%s is found out", async (_, after, words) => {
    expect((await told(await workshop.make({ after }))).join("\n")).toMatch(words);
  });
});

describe("a medium made by another call of xorriso", () => {
  const without =
    (...words: string[]) =>
    (command: Command): Command => ({
      ...command,
      args: command.args.filter((arg) => typeof arg !== "string" || !words.includes(arg)),
    });
  const ways: readonly (readonly [string, NonNullable<Making["command"]>, RegExp])[] = [
    ["without boot info table", without("-boot-info-table"), /isolinux.bin: its boot info table names another/],
    ["without GPT", without("-isohybrid-gpt-basdat"), /error: GPT: it is missing/],
  ];
  test.each(ways)("%s is found out", async (_, command, words) => {
    expect((await told(await workshop.make({ command }))).join("\n")).toMatch(words);
  });
});

test("damage anywhere in its directories and tables is told, never stumbled over", async () => {
  const { length } = await readFile(good);
  let state = 11;
  const draw = (below: number): number => (state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0) % below;
  for (let round = 0; round < 40; round++) {
    const bad = await workshop.patched(good, (bytes) => {
      for (let hit = 0; hit < 20; hit++) bytes.writeUInt8(draw(256), draw(hit % 2 === 0 ? 300_000 : length));
    });
    expect((await told(bad)).join("\n"), `round ${String(round)}`).toContain("error: ");
  }
});

test("what is no ISO at all, or not there, is told in words", async () => {
  expect(await told("/bin/sh")).toEqual(["error: ISO 9660: there is no volume descriptor: this is no ISO image"]);
  await expect(audit("/nowhere", never)).rejects.toMatchObject({ code: "usage" });
  await expect(audit("/", never)).rejects.toMatchObject({ code: "usage" });
  await expect(audit(good, AbortSignal.abort())).rejects.toThrow();
});

test("the signatures on Debian's own boot loaders are understood", async () => {
  const { readProgram } = await import("../../src/audit/pe.ts");
  const folder = join(workshop.folder, "debian");
  await put(join(folder, "x"), "");
  const packages = ["shim-signed", "grub-efi-amd64-signed", "shim-helpers-amd64-signed", "grub-efi-ia32-bin"];
  await run({ tool: "apt-get", args: ["download", "-qq", ...packages], cwd: folder, signal: never });
  await run({ tool: "sh", args: ["-ec", "for deb in *.deb; do dpkg-deb -x $deb .; done"], cwd: folder, signal: never });
  for (const [path, machine, signature] of [
    ["shim/shimx64.efi.signed", "x86-64", "fits"],
    ["shim/mmx64.efi.signed", "x86-64", "fits"],
    ["grub/x86_64-efi-signed/gcdx64.efi.signed", "x86-64", "fits"],
    ["grub/i386-efi/monolithic/gcdia32.efi", "i386", "none"],
  ] as const) {
    const bytes = await readFile(join(folder, "usr/lib", path));
    expect(readProgram(bytes), path).toEqual({ machine, signature });
    toggle(bytes, bytes.length >> 1);
    expect(readProgram(bytes)?.signature, path).toBe(signature === "fits" ? "broken" : "none");
  }
});
