import type { Image } from "./image.ts";
import { error, errors, warning, type Finding } from "./verdict.ts";

export const sector = 2048;

/** The volume descriptors of an ISO 9660 file system (ECMA-119, 8). */
export interface Volume {
  readonly id: string;
  readonly blocks: number;
  /** Directory record of the root. */
  readonly root: Buffer;
  /** Sector of El Torito's boot catalog. */
  readonly catalog?: number;
  readonly joliet?: string;
}

const first = 16;
const kinds = { boot: 0, primary: 1, supplementary: 2, end: 255 } as const;

export interface Read<T> {
  readonly value: T;
  readonly findings: readonly Finding[];
}

export async function readVolume(image: Image): Promise<Read<Volume | undefined>> {
  const descriptors: Buffer[] = [];
  for (let at = first; at < first + 32; at++) {
    const descriptor = await image.read(at * sector, sector);
    if (descriptor.length < sector || descriptor.toString("latin1", 1, 6) !== "CD001") break;
    descriptors.push(descriptor);
    if (descriptor[0] === kinds.end) break;
  }
  const primary = descriptors.find(([kind]) => kind === kinds.primary);
  if (primary === undefined)
    return { value: undefined, findings: [error("ISO 9660", "there is no volume descriptor: this is no ISO image")] };
  const boot = descriptors.find(
    (each) => each[0] === kinds.boot && each.toString("latin1", 7, 30) === "EL TORITO SPECIFICATION",
  );
  const supplementary = descriptors.find(([kind]) => kind === kinds.supplementary);
  const volume: Volume = {
    id: primary.toString("latin1", 40, 72).trimEnd(),
    blocks: primary.readUInt32LE(80),
    root: primary.subarray(156, 190),
    ...(boot === undefined ? {} : { catalog: boot.readUInt32LE(0x47) }),
    ...(supplementary === undefined ? {} : { joliet: ucs2(supplementary.subarray(40, 72)) }),
  };
  const ended = descriptors.at(-1)?.[0] === kinds.end;
  return { value: volume, findings: [...describing(primary, ended), ...sized(volume, image), ...named(volume)] };
}

function describing(primary: Buffer, ended: boolean): Finding[] {
  return errors("ISO 9660", [
    [!ended, "the volume descriptors do not end"],
    [primary.readUInt16LE(128) !== sector, "the block size is not 2048"],
    [primary.readUInt32LE(80) !== primary.readUInt32BE(84), "the volume size is written in two ways that disagree"],
  ]);
}

/** xorriso counts everything it writes, the appended ESP and the padding included. */
function sized({ blocks }: Volume, { size }: Image): Finding[] {
  const meant = blocks * sector;
  if (size === meant) return [];
  const words = `the volume should have ${String(meant)} bytes and the file has ${String(size)}`;
  return size < meant
    ? [error("ISO 9660", `${words}: it was cut`, "copy or download the file again and compare it with SHA256SUMS")]
    : [warning("ISO 9660", `${words}: something was added to it`)];
}

function named({ id, joliet }: Volume): Finding[] {
  return [
    ...(/^[A-Z0-9_]{1,32}$/.test(id)
      ? []
      : [
          error(
            "ISO 9660",
            `the volume id ${JSON.stringify(id)} is not 1 to 32 of A-Z, 0-9 and _`,
            "change the recipe's `volume`",
          ),
        ]),
    ...(joliet === undefined || joliet === id.slice(0, 16)
      ? []
      : [warning("Joliet", `its volume id is ${JSON.stringify(joliet)}, not that of ISO 9660`)]),
  ];
}

/** Joliet writes UCS-2, the higher byte first. */
const ucs2 = (bytes: Buffer): string =>
  Buffer.from(bytes)
    .swap16()
    .toString("utf16le")
    .replace(/[\0 ]+$/, "");
