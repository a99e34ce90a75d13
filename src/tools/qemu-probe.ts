import type { Accelerator } from "./qemu.ts";

/**
 * A boot sector that enters long mode, adds up 1…20,000,000 and answers by the device `isa-debug-exit`, which ends the
 * emulator with twice the byte written, plus one. It has to get that far: there are hosts whose KVM runs real mode, so
 * that the BIOS and a simpler sector answer, and hangs as soon as a guest turns paging on.
 */
export function answeringSector(): Uint8Array {
  const sector = new Uint8Array(512);
  sector.set(Buffer.from(code.join("").replaceAll(" ", ""), "hex"));
  sector.set([0x55, 0xaa], 510);
  return sector;
}

/** The sum modulo 2³² is 0x218d1680; the sector writes 0x80 xor 0x21. Statuses have eight bits. */
export const answerStatus = ((0x80 ^ 0x21) * 2 + 1) & 0xff;

// prettier-ignore
const code = [
  "fa 31c0 8ed8 8ec0 8ed0 bc007c",      // cli; ds = es = ss = 0; sp = 0x7c00
  "fc bf0010 b90018 f3ab",              // clear 0x1000…0x3fff for the page tables
  "c70600100320",                       // PML4[0] = 0x2000, present, writable
  "c70600200330",                       // PDPT[0] = 0x3000, present, writable
  "c70600308300",                       // PD[0] = a page of 2 MiB at 0
  "66b800100000 0f22d8",                // cr3 = 0x1000
  "0f20e0 0c20 0f22e0",                 // cr4: PAE
  "66b9800000c0 0f32 80cc01 0f30",      // EFER: long mode
  "0f20c0 660d01000080 0f22c0",         // cr0: protection and paging
  "660f0116897c 66ea5f7c00000800",      // lgdt; far jump into 64-bit code
  "b9002d3101 31c0 01c8 ffc9 75fa",     // ecx = 20,000,000; eax = the sum
  "66ba0105 89c3 c1eb10 30f8 ee f4",    // al ^= the sum's highest byte; out 0x501, al; hlt
  "0000000000000000 00000000009a2000",  // the descriptor table: none, and 64-bit code
  "0f00 797c0000",                      // its length and place, for lgdt
];

/** Boot that sector and nothing else. */
// prettier-ignore
export const probe = (accelerator: Accelerator, sector: string): readonly string[] => [
  "-nodefaults",
  "-no-user-config",
  "-machine", "pc",
  "-accel", accelerator,
  "-cpu", accelerator === "kvm" ? "host" : "max",
  "-m", "16",
  "-display", "none",
  "-device", "isa-debug-exit,iobase=0x501,iosize=1",
  "-drive", `if=ide,format=raw,snapshot=on,file.driver=file,file.filename=${sector.replaceAll(",", ",,")}`,
];
