import { expect, test } from "vitest";
import { answers } from "../../src/machine/accelerator.ts";
import { computer, ears, plainLine, type Guest } from "../../src/tools/qemu.ts";
import { extents } from "../../src/tools/xorriso-read.ts";
import { fakeQemu } from "./fake.ts";

const guest: Guest = {
  image: "/tmp/a,b: c.iso",
  firmware: "bios",
  attachment: "cd",
  accelerator: "tcg",
  memory: 2048,
};
const line = (more: Partial<Guest>): string => computer({ ...guest, ...more }).join(" ");

test("a raw disk boots with the plain line and nothing else", () => {
  expect(["qemu-system-x86_64", ...plainLine("out/live.raw")].join(" ")).toBe(
    "qemu-system-x86_64 -machine accel=kvm:tcg -m 4096 -smp 2 -drive file=out/live.raw,format=raw",
  );
});

test("Secure Boot is enforced: protected flash, SMM, and the keys enrolled", () => {
  const args = line({ firmware: "secure-boot" });
  expect(args).toContain("-machine q35,smm=on");
  expect(args).toContain("-global driver=cfi.pflash01,property=secure,value=on");
  expect(args).toContain("OVMF_CODE_4M.ms.fd");
  expect(args).toContain("snapshot=on,file=/usr/share/OVMF/OVMF_VARS_4M.ms.fd");
});

test("no guest can write to the image", () => {
  expect(line({ attachment: "cd" })).toContain("id=medium,format=raw,readonly=on");
  expect(line({ attachment: "usb" })).toContain("id=medium,format=raw,snapshot=on");
  expect(line({ attachment: "disk" })).toContain("-snapshot");
});

test("a comma in a path is doubled, and a colon names no protocol", () => {
  expect(computer(guest)).toContain(
    "if=none,id=medium,format=raw,readonly=on,file.driver=file,file.filename=/tmp/a,,b: c.iso",
  );
  expect(ears({ console: "/x,y", talk: "/z" })).toContain("socket,id=console,path=/x,,y");
});

test("without KVM the processor has no fast string operations", () => {
  expect(line({})).toContain("-accel tcg,thread=multi,tb-size=128 -cpu max,erms=off,fsrm=off");
  expect(line({ accelerator: "kvm" })).toContain("-accel kvm -cpu host");
});

test("the sector that probes an accelerator runs in long mode under TCG", async () => {
  expect(await answers("tcg", new AbortController().signal, 30_000)).toBe(true);
});

test("an accelerator that hangs is found out and left alone", async () => {
  using _ = fakeQemu("mute");
  const began = performance.now();
  expect(await answers("kvm", new AbortController().signal, 1_000)).toBe(false);
  expect(performance.now() - began).toBeLessThan(10_000);
});

test("places of files are read from xorriso's listing, with quotes in names and several pieces", () => {
  const listing = [
    "File data lba:  0 ,      110 ,        1 ,        8 , '/.disk/info'",
    `File data lba:  0 ,      111 ,        3 ,     4961 , '/it'"'"'s'`,
    "File data lba:  0 ,  1000 ,  2097151 ,  5000000000 , '/big'",
    "File data lba:  1 ,  2098151 ,  344256 ,  5000000000 , '/big'",
  ].join("\n");
  expect(extents(listing)).toEqual([
    { path: "/.disk/info", start: 110 * 2048, bytes: 8 },
    { path: "/it's", start: 111 * 2048, bytes: 4961 },
    { path: "/big", start: 1000 * 2048, bytes: 2097151 * 2048 },
    { path: "/big", start: 2098151 * 2048, bytes: 5000000000 - 2097151 * 2048 },
  ]);
});
