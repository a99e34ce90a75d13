import { access, constants, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { run } from "../system/process.ts";
import { scratch } from "../system/scratch.ts";
import { answeringSector, answerStatus, probe } from "../tools/qemu-probe.ts";
import { emulator, type Accelerator } from "../tools/qemu.ts";

/** A working KVM answers in well under a second. One that hangs is found out after this many milliseconds. */
const patience = 5_000;

/** KVM, if a guest really runs under it here. A /dev/kvm that opens proves nothing: some hang once the guest has started. */
export async function accelerator(signal: AbortSignal): Promise<Accelerator> {
  return (await opens("/dev/kvm")) && (await answers("kvm", signal)) ? "kvm" : "tcg";
}

/** Boot a sector that answers by ending the emulator with a status of its own. */
export async function answers(by: Accelerator, signal: AbortSignal, within = patience): Promise<boolean> {
  await using folder = await scratch();
  const sector = join(folder.path, "sector");
  await writeFile(sector, answeringSector());
  const end = AbortSignal.timeout(within);
  try {
    const status = await run({
      tool: emulator,
      args: probe(by, sector),
      signal: AbortSignal.any([signal, end]),
      accept: [answerStatus],
      grace: 500,
    });
    return status === answerStatus;
  } catch (error) {
    signal.throwIfAborted();
    if (error instanceof Failure && error.code === "host-unready") throw error;
    return false; // It hung, or would not start: not an accelerator to boot with, whatever the reason.
  }
}

const opens = (path: string): Promise<boolean> =>
  access(path, constants.R_OK | constants.W_OK).then(
    () => true,
    () => false,
  );
