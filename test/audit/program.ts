import { createHash } from "node:crypto";

/** A program of UEFI firmware as small as can be: headers, content, and a signature of the shape that Authenticode has. */
export function program(machine: "x86-64" | "i386", signed: boolean, content = Buffer.alloc(1024, machine)): Buffer {
  const head = headers(machine);
  return sign(Buffer.concat([head, content]), 0x40, machine === "x86-64", signed);
}

/** A kernel as the boot loaders know it: a bzImage that says its release, and that is a program of UEFI firmware too. */
export function kernel(release: string, signed: boolean): Buffer {
  const image = Buffer.alloc(8192, "kernel");
  headers("x86-64").copy(image, 0);
  image.write("HdrS", 0x202);
  image.writeUInt16LE(0x1000, 0x20e);
  image.write(`${release} (builder@example) #1 SMP\0`, 0x1200);
  return sign(image, 0x40, true, signed);
}

function headers(machine: "x86-64" | "i386"): Buffer {
  const head = Buffer.alloc(512);
  head.write("MZ", 0);
  head.writeUInt32LE(0x40, 0x3c);
  head.write("PE\0\0", 0x40);
  head.writeUInt16LE(machine === "x86-64" ? 0x8664 : 0x14c, 0x44);
  head.writeUInt16LE(machine === "x86-64" ? 0x20b : 0x10b, 0x58);
  return head;
}

function sign(bytes: Buffer, header: number, wide: boolean, signed: boolean): Buffer {
  if (!signed) return bytes;
  const optional = header + 24;
  const directory = optional + (wide ? 112 : 96) + 32;
  const digest = createHash("sha256")
    .update(bytes.subarray(0, optional + 64))
    .update(bytes.subarray(optional + 68, directory))
    .update(bytes.subarray(directory + 8))
    .digest();
  const info = Buffer.concat([Buffer.from("300d060960864801650304020105000420", "hex"), digest]);
  const certificate = Buffer.alloc(Math.ceil((8 + 16 + info.length) / 8) * 8);
  certificate.writeUInt32LE(8 + 16 + info.length, 0);
  certificate.writeUInt16LE(0x0200, 4);
  certificate.writeUInt16LE(2, 6);
  info.copy(certificate, 24);
  const whole = Buffer.concat([bytes, certificate]);
  whole.writeUInt32LE(bytes.length, directory);
  whole.writeUInt32LE(certificate.length, directory + 4);
  return whole;
}
