import { copyFile, mkdir } from "node:fs/promises";
import { join } from "node:path";
import { accompany } from "../src/system/process.ts";
import { computer, emulator, type Accelerator } from "../src/tools/qemu.ts";
import { extracted, found } from "./medium.ts";
import { median, type Workshop } from "./workshop.ts";

/** What every kernel is told, whoever made the medium; nothing that guards the machine is switched off. */
const told = ["boot=live", "components", "quiet", "console=ttyS0,115200"];

/** Milliseconds after which a boot counts as failed. */
const patience = 900_000;

/** How often each medium is booted. */
const rounds = 5;

/** A medium that is booted, with the kernel and the initramfs that it holds. */
export interface Bootable {
  readonly iso: string;
  readonly kernel: string;
  readonly initrd: string;
}

/** Put a medium aside, for its maker may build another. */
export async function putAside(iso: string, name: string, { folder, signal }: Workshop): Promise<Bootable> {
  const place = { folder: join(folder, `boot-${name}`), signal };
  await mkdir(place.folder, { recursive: true });
  const copy = join(place.folder, "medium.iso");
  await copyFile(iso, copy);
  return {
    iso: copy,
    kernel: await extracted(copy, await found(copy, "vmlinuz*", place), place),
    initrd: await extracted(copy, await found(copy, "initrd*", place), place),
  };
}

/**
 * Seconds to the login of each medium, the middle one of its boots, told as they become known. All are booted in turns: a
 * slow minute of the machine is then nobody's alone, and neither is the luck of finding the primes of an RSA key.
 */
export async function* bootsInTurns<Medium extends Bootable>(
  media: readonly Medium[],
  accelerator: Accelerator,
  signal: AbortSignal,
): AsyncGenerator<{ readonly medium: Medium; readonly last: number; readonly middle: number }> {
  const taken = media.map((medium) => ({ medium, seconds: [] as number[] }));
  for (let round = 0; round < rounds; round += 1)
    for (const { medium, seconds } of taken) {
      const last = await bootToLogin(medium, accelerator, signal);
      seconds.push(last);
      yield { medium, last, middle: median(seconds) };
    }
}

/**
 * Seconds from the start of the emulator to `login:` on the serial line. Kernel and initramfs are started directly, with the
 * medium in the CD drive, so that menus and their countdowns play no part.
 */
async function bootToLogin(
  { iso, kernel, initrd }: Bootable,
  accelerator: Accelerator,
  signal: AbortSignal,
): Promise<number> {
  const guest = computer({ image: iso, firmware: "bios", attachment: "cd", accelerator, memory: 2048 });
  const began = performance.now();
  await using machine = accompany({
    tool: emulator,
    args: [
      // The kernel that is given directly has the first place in the order.
      ...guest.map((word) => word.replace(",bootindex=0", "")),
      ...["-kernel", kernel, "-initrd", initrd, "-append", told.join(" ")],
      ...["-display", "none", "-serial", "stdio", "-monitor", "none", "-no-reboot"],
    ],
    signal: AbortSignal.any([signal, AbortSignal.timeout(patience)]),
  });
  let said = "";
  const login = new Promise<number>((resolve) => {
    const hear = (piece: Buffer): void => {
      said = (said + piece.toString("latin1")).slice(-2000);
      if (/\blogin: /.test(said)) resolve((performance.now() - began) / 1000);
    };
    machine.stdout.on("data", hear);
    machine.stderr.on("data", hear);
  });
  const seconds = await Promise.race([login, machine.ended]);
  signal.throwIfAborted();
  if (typeof seconds === "number") return seconds;
  throw new Error(`${iso} did not boot to a login; the serial line ends so:\n${said}`);
}
