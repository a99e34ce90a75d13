import { accompany } from "../src/system/process.ts";
import { computer, emulator, type Accelerator } from "../src/tools/qemu.ts";
import { extracted, found } from "./medium.ts";

/** What every kernel is told, whoever made the medium; nothing that guards the machine is switched off. */
const told = ["boot=live", "components", "quiet", "console=ttyS0,115200"];

/** Milliseconds after which a boot counts as failed. */
const patience = 900_000;

export interface Boot {
  readonly iso: string;
  readonly folder: string;
  readonly accelerator: Accelerator;
  readonly signal: AbortSignal;
}

/**
 * Seconds from the start of the emulator to `login:` on the serial line. Kernel and initramfs are taken out of the medium
 * and started directly, with the medium in the CD drive, so that menus and their countdowns play no part.
 */
export async function bootToLogin({ iso, folder, accelerator, signal }: Boot): Promise<number> {
  const place = { folder, signal };
  const kernel = await extracted(iso, await found(iso, "vmlinuz*", place), place);
  const initrd = await extracted(iso, await found(iso, "initrd*", place), place);
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
