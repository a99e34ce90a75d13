import { rename, rm, symlink, truncate, writeFile, readFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { audit, type Verdict } from "../../src/audit/audit.ts";
import { inWords } from "../../src/cli/inspect.ts";
import { program } from "../audit/program.ts";
import { Bench, edit, writeBootDisk } from "./folder.ts";

const never = new AbortController().signal;
let bench: Bench;
beforeAll(async () => {
  bench = await Bench.open();
});
afterAll(() => bench[Symbol.asyncDispose]());

const told = ({ findings }: Verdict): readonly string[] => findings.map(({ where, what }) => `${where}: ${what}`);

test("a folder as builds make it hangs together, and starts by everything that it has a loader for", async () => {
  const verdict = await audit(await bench.make(), never);
  expect(told(verdict)).toEqual([]);
  expect(verdict.facts.boot).toEqual({ bios: true, uefi: true, secureBoot: true });
  expect(verdict.facts.lists).toEqual([
    { path: "/lists/default.modules", chain: "base-console-settings", memory: 3 * 4096 + 2 ** 20 },
  ]);
  expect(verdict.facts.modules).toHaveLength(3);
  expect(verdict.facts.entries.ipxe).toEqual(verdict.facts.entries.bios);
  expect(verdict.facts.entries.uefi).toEqual(expect.arrayContaining([...verdict.facts.entries.bios]));
});

test("what is in a folder is told in a table", async () => {
  const words = inWords(await audit(await bench.make(), never));
  expect(words).toContain("/lists/default.modules base-console-settings");
  expect(words).toContain("starts by   BIOS, UEFI, Secure Boot");
  expect(words).toMatch(/It hangs together\.$/);
});

const changedDigit = (text: string): string =>
  text.replace(/(livewright\.sha256=)(.)/, (_, name: string, digit: string) => name + (digit === "0" ? "1" : "0"));

const broken: readonly (readonly [string, (folder: string) => Promise<unknown>, RegExp])[] = [
  [
    "a module less",
    (it) => rm(join(it, "live/02-console.squashfs")),
    /default\.modules: \/live\/02-console\.squashfs, which it names, is not/,
  ],
  [
    "a module cut off",
    (it) => truncate(join(it, "live/02-console.squashfs"), 4000),
    /default\.modules: \/live\/02-console\.squashfs has 4000 bytes instead of 4096/,
  ],
  [
    "a module that is no squashfs",
    (it) => writeFile(join(it, "live/02-console.squashfs"), Buffer.alloc(4096)),
    /02-console\.squashfs: it does not begin as a squashfs does/,
  ],
  [
    "another module under its name",
    (it) => flip(it, "live/02-console.squashfs", 2000),
    /\/live\/02-console\.squashfs is not the module that it names/,
  ],
  [
    "a record less",
    (it) => rm(join(it, "live/03-settings.module")),
    /03-settings\.module: this record of .* is missing/,
  ],
  [
    "a record that cannot be read",
    (it) => writeFile(join(it, "live/03-settings.module"), "{"),
    /03-settings\.module: it is not JSON/,
  ],
  [
    "a record of another base",
    (it) =>
      edit(it, "live/02-console.module", (text) =>
        text
          .replaceAll(/"(below|parent)": \[?"(.)/g, (_, key: string) => `"${key}": ${key === "below" ? "[" : ""}"x`)
          .replaceAll('"x', '"0'),
      ),
    /02-console\.module: its module was made to stand on other modules/,
  ],
  [
    "a record of another module",
    (it) => edit(it, "live/02-console.module", (text) => text.replace('"bytes": 4096', '"bytes": 4097')),
    /02-console\.module: it is about another module/,
  ],
  [
    "a list less",
    (it) => rm(join(it, "lists/default.modules")),
    /\/lists\/default\.modules, which the entry live fetches, is not in the folder/,
  ],
  [
    "a list that cannot be read",
    (it) => edit(it, "lists/default.modules", (text) => text.replace("memory", "ram")),
    /default\.modules: line 3: must be "memory BYTES"/,
  ],
  [
    "a list that asks for too little memory",
    (it) => edit(it, "lists/default.modules", (text) => text.replace(/memory \d+/, "memory 4096")),
    /default\.modules: it asks for 4096 bytes of memory/,
  ],
  [
    "another list under its name",
    (it) => edit(it, "lists/default.modules", (text) => text.replace("chain base", "chain case")),
    /boot\.ipxe: the entry live has another digest than/,
  ],
  [
    "another digest in PXELINUX's menu",
    (it) => edit(it, "pxelinux.cfg/default", changedDigit),
    /pxelinux\.cfg\/default: the entry live has another digest/,
  ],
  [
    "another digest in GRUB's menu",
    (it) => edit(it, "grub/grub.cfg", changedDigit),
    /grub\.cfg: the entry live has another digest/,
  ],
  [
    "another digest in iPXE's menu",
    (it) => edit(it, "boot.ipxe", changedDigit),
    /boot\.ipxe: the entry live has another digest/,
  ],
  [
    "no digest in a menu",
    (it) => edit(it, "boot.ipxe", (text) => text.replace(/ livewright\.sha256=\S+/, "")),
    /boot\.ipxe: the entry live names no list/,
  ],
  ["a menu less", (it) => rm(join(it, "boot.ipxe")), /boot\.ipxe: this menu is missing/],
  [
    "an entry less",
    (it) => edit(it, "grub/grub.cfg", (text) => text.replace(/menuentry --id 'kiosk'[^}]*\}/, "")),
    /grub\.cfg: it offers .*; the medium's record has/,
  ],
  [
    "one initrd instead of two",
    (it) => edit(it, "pxelinux.cfg/default", (text) => text.replace(",live/netboot.img", "")),
    /default: the entry live loads \/live\/initrd\.img instead of \/live\/initrd\.img,\/live\/netboot\.img/,
  ],
  [
    "an item that leads nowhere",
    (it) => edit(it, "boot.ipxe", (text) => text.replace(/^:kiosk$/m, ":kiosks")),
    /boot\.ipxe: leads to what is not known here \(the entry kiosk/,
  ],
  [
    "no kernel",
    (it) => rm(join(it, "live/vmlinuz")),
    /grub\.cfg: \/live\/vmlinuz, which the entry live names, is not in the folder/,
  ],
  [
    "no second initrd",
    (it) => rm(join(it, "live/netboot.img")),
    /default: \/live\/netboot\.img, which the entry live names, is not/,
  ],
  [
    "an initrd that is none",
    (it) => writeFile(join(it, "live/netboot.img"), "no archive"),
    /\/live\/netboot\.img: it does not begin as an initrd does/,
  ],
  ["no pxelinux.0", (it) => rm(join(it, "pxelinux.0")), /pxelinux\.0: it is missing/],
  ["no library of the menu's", (it) => rm(join(it, "libutil.c32")), /menu\.c32: it needs \/libutil\.c32/],
  ["no GRUB beside shim", (it) => rm(join(it, "EFI/boot/grubx64.efi")), /UEFI: \/EFI\/boot\/grubx64\.efi is missing/],
  [
    "an unsigned GRUB",
    (it) => writeFile(join(it, "grubx64.efi"), program("x86-64", false)),
    /UEFI: \/grubx64\.efi is not signed/,
  ],
  ["a loader that is none", (it) => writeFile(join(it, "bootx64.efi"), "shim"), /UEFI: \/bootx64\.efi is no program/],
  [
    "modules in another order",
    (it) => edit(it, "live/filesystem.module", (text) => text.split("\n").reverse().join("\n").trim()),
    /filesystem\.module: it lists 03-settings/,
  ],
  ["nothing that it says of itself", (it) => rm(join(it, ".disk/livewright.json")), /livewright\.json: it is missing/],
  ["no disk for HTTP boot", (it) => rm(join(it, "boot.img")), /boot\.img: it is missing: no UEFI starts .* by HTTP/],
  [
    "a disk for HTTP boot that is cut off",
    (it) => truncate(join(it, "boot.img"), 40_000),
    /boot\.img: its (file system is damaged|files cannot be read)/,
  ],
  [
    "another initramfs on the disk for HTTP boot",
    async (it) => {
      await writeFile(join(it, "kept"), await readFile(join(it, "live/initrd.img")));
      await flip(it, "live/initrd.img", 500);
      await writeBootDisk(it);
      await rename(join(it, "kept"), join(it, "live/initrd.img"));
    },
    /boot\.img: \/live\/initrd\.img on it is not the folder's/,
  ],
  [
    "another digest in the menu of the disk for HTTP boot",
    async (it) => {
      const grub = await readFile(join(it, "grub/grub.cfg"), "utf8");
      await edit(it, "grub/grub.cfg", changedDigit);
      await writeBootDisk(it);
      await writeFile(join(it, "grub/grub.cfg"), grub);
    },
    /boot\.img/,
  ],
  [
    "a module that no list has",
    (it) => writeFile(join(it, "live/09-more.module"), "{}"),
    /09-more\.module: no list of modules leads to it/,
  ],
];

async function flip(folder: string, path: string, at: number): Promise<void> {
  const bytes = await readFile(join(folder, path));
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  await writeFile(join(folder, path), bytes);
}

test.each(broken)(
  "a folder with %s is told, even where the checksums were made after that",
  async (_, spoil, message) => {
    const verdict = await audit(await bench.make(spoil, "sums"), never);
    expect(told(verdict).filter((line) => line.startsWith("/SHA256SUMS"))).toEqual([]);
    expect(told(verdict).join("\n")).toMatch(message);
  },
);

test.each<[string, (folder: string) => Promise<unknown>, RegExp]>([
  [
    "a changed byte",
    (it) => flip(it, "live/initrd.img", 500),
    /^\/SHA256SUMS: \/live\/initrd\.img has other content$/m,
  ],
  ["a file less", (it) => rm(join(it, ".disk/info")), /^\/SHA256SUMS: \/\.disk\/info is not on the medium$/m],
  ["a file more", (it) => writeFile(join(it, "notes.txt"), ""), /^\/SHA256SUMS: \/notes\.txt is not listed$/],
  ["a link", (it) => symlink("live", join(it, "modules")), /^\/modules: it is neither a file nor a folder$/],
  ["no checksums", (it) => rm(join(it, "SHA256SUMS")), /^\/SHA256SUMS: this list of checksums is missing$/],
])("a folder with %s is told by its checksums", async (_, spoil, message) => {
  expect(told(await audit(await bench.make(spoil), never)).join("\n")).toMatch(message);
});

test("what is not there cannot be read", async () => {
  await expect(audit(join(bench.folder, "nowhere"), never)).rejects.toThrow(/nowhere cannot be read/);
});
