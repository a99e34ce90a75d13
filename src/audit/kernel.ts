import { readProgram } from "./pe.ts";
import { error, warning, type Finding, type KernelFacts } from "./verdict.ts";

export interface ReadKernel {
  readonly facts?: KernelFacts;
  readonly findings: readonly Finding[];
}

/** A bzImage (Linux, Documentation/arch/x86/boot.rst): its release as text, and whether a signature fits it. */
export function readKernel(path: string, bytes: Buffer): ReadKernel {
  if (bytes.length < 0x210 || bytes.toString("latin1", 0x202, 0x206) !== "HdrS")
    return { findings: [error(path, "it is no Linux kernel that a PC can start")] };
  const at = bytes.readUInt16LE(0x20e) + 0x200;
  const release = bytes.toString("latin1", at, at + 128).split(/[ \0]/)[0] ?? "";
  const signature = readProgram(bytes)?.signature ?? "none";
  const findings =
    signature === "broken"
      ? [error(path, "it has a signature that does not fit it: Secure Boot refuses it")]
      : signature === "none"
        ? [warning(path, "it is not signed: it starts only where Secure Boot is off")]
        : [];
  return { facts: { path, release, signed: signature === "fits" }, findings };
}

/** How the archives and compressed archives begin that the kernel takes as an initrd. */
const beginnings = [
  "303730373031",
  "303730373032",
  "1f8b",
  "fd377a585a00",
  "28b52ffd",
  "02214c18",
  "04224d18",
  "425a68",
  "5d0000",
];

export const judgeInitrd = (path: string, head: Buffer): Finding[] =>
  beginnings.some((hex) => head.subarray(0, hex.length / 2).equals(Buffer.from(hex, "hex")))
    ? []
    : [error(path, "it does not begin as an initrd does")];
