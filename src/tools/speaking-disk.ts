/**
 * A small disk whose boot sector says a line over the second serial line and stops: what "boot from the local disk" should start.
 * Once per byte it waits until the line can take one (16550, bit 5 of the line status register).
 */
export function speakingDisk(line: string): Uint8Array {
  const sector = new Uint8Array(1 << 20);
  sector.set(Buffer.from(code.join("").replaceAll(" ", ""), "hex"));
  sector.set(Buffer.from(`${line}\n\0`, "latin1"), 0x20);
  sector.set([0x55, 0xaa], 510);
  return sector;
}

// prettier-ignore
const code = [
  "31c0 8ed8 be207c fc",       // ds = 0; si = the line's address
  "ac 84c0 7410",              // next byte; 0 ends the line
  "50 bafd02 ec a820 74fb 58", // wait for the transmitter
  "baf802 ee ebeb",            // say it; again
  "f4 ebfd",                   // stop
];
