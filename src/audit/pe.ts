import { createHash } from "node:crypto";

/** A program that UEFI firmware can start (Microsoft PE and COFF specification). */
export interface Program {
  readonly machine: "x86-64" | "i386" | "other";
  /**
   * none: unsigned. broken: it carries a signature that is not of these bytes, or that lies outside the file.
   * fits: it carries a signature of these very bytes; whose it is, and whether to trust it, the firmware decides.
   */
  readonly signature: "none" | "broken" | "fits";
}

const machines = new Map<number, Program["machine"]>([
  [0x8664, "x86-64"],
  [0x014c, "i386"],
]);

/** What a PE file is, or undefined when it is none. */
export function readProgram(bytes: Buffer): Program | undefined {
  const layout = readLayout(bytes);
  if (layout === undefined) return undefined;
  return { machine: machines.get(layout.machine) ?? "other", signature: judgeSignature(bytes, layout) };
}

interface Layout {
  readonly machine: number;
  readonly checksum: number;
  /** Where the header tells place and size of the signatures. */
  readonly directory: number;
  readonly certificates: { readonly at: number; readonly length: number };
}

function readLayout(bytes: Buffer): Layout | undefined {
  if (bytes.length < 0x40 || bytes.toString("latin1", 0, 2) !== "MZ") return undefined;
  const header = bytes.readUInt32LE(0x3c);
  if (header + 24 > bytes.length || bytes.toString("latin1", header, header + 4) !== "PE\0\0") return undefined;
  const optional = header + 24;
  const wide = optional + 2 <= bytes.length && bytes.readUInt16LE(optional) === 0x20b;
  const directory = optional + (wide ? 112 : 96) + 4 * 8;
  if (directory + 8 > bytes.length) return undefined;
  return {
    machine: bytes.readUInt16LE(header + 4),
    checksum: optional + 64,
    directory,
    certificates: { at: bytes.readUInt32LE(directory), length: bytes.readUInt32LE(directory + 4) },
  };
}

/** A certificate entry: its length, revision 2.0, type 2 (PKCS #7), then the signed data. */
function judgeSignature(bytes: Buffer, layout: Layout): Program["signature"] {
  const { at, length } = layout.certificates;
  if (length === 0) return "none";
  if (length < 8 || at < layout.directory + 8 || at + length > bytes.length) return "broken";
  const digest = authenticode(bytes, layout);
  for (let entry = at; entry + 8 <= at + length;) {
    const size = bytes.readUInt32LE(entry);
    if (size < 8 || entry + size > at + length) return "broken";
    const kind = [bytes.readUInt16LE(entry + 4), bytes.readUInt16LE(entry + 6)];
    if (kind[0] === 0x0200 && kind[1] === 2 && signs(bytes.subarray(entry + 8, entry + size), digest)) return "fits";
    entry += Math.ceil(size / 8) * 8;
  }
  return "broken";
}

/** The digest that Authenticode signs: all but the checksum, the directory's entry and the signatures, filled to 8 bytes. */
function authenticode(bytes: Buffer, { checksum, directory, certificates }: Layout): Buffer {
  const signed = bytes.subarray(directory + 8, certificates.at);
  const hash = createHash("sha256")
    .update(bytes.subarray(0, checksum))
    .update(bytes.subarray(checksum + 4, directory));
  const after = bytes.subarray(certificates.at + certificates.length);
  return hash.update(signed).update(after).digest();
}

/** A DigestInfo with SHA-256's object identifier, as the signed data (SpcIndirectDataContent) holds it. */
const sha256Info = Buffer.from("300d06096086480165030402010500" + "0420", "hex");

function signs(signedData: Buffer, digest: Buffer): boolean {
  for (let at = signedData.indexOf(sha256Info); at >= 0; at = signedData.indexOf(sha256Info, at + 1)) {
    const found = signedData.subarray(at + sha256Info.length, at + sha256Info.length + digest.length);
    if (found.equals(digest)) return true;
  }
  return false;
}
