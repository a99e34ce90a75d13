import { stat } from "node:fs/promises";
import { join } from "node:path";
import { Failure } from "../failure.ts";
import { accelerator } from "../machine/accelerator.ts";
import { guestFor } from "../machine/boot.ts";
import { bootFromNetwork, entryFetching, factsOf, memoryFor } from "../machine/netboot.ts";
import { fingerprint } from "../machine/medium.ts";
import { routeTo } from "../machine/route.ts";
import { folderSums, type Firmware } from "../medium.ts";
import { readFolder, refuseSpoilt, refuseUnreadable, type NetbootFolder } from "../serve/folder.ts";
import { requireHost } from "../survey/doctor.ts";
import { exists } from "../system/files.ts";
import { trueFile } from "../system/host.ts";
import { bootDisk, stackedEntry } from "../netboot/menu.ts";
import type { NetworkBoot } from "../tools/qemu.ts";
import { programRoot } from "./about.ts";
import type { TestOptions } from "./options.ts";
import { receiver, tokenFaults } from "./receiver.ts";
import type { Session } from "./session.ts";
import { loginFor } from "./test-login.ts";
import type { TestResult } from "./test-result.ts";
import { bootAll, commandsIn, conclude, headline, lineOf, mebibytes, stageName, usualSeconds } from "./test.ts";

export const isFolder = async (path: string): Promise<boolean> =>
  (await exists(path)) && (await stat(path)).isDirectory();

interface Cell {
  readonly firmware: Firmware;
  readonly by: NetworkBoot;
  readonly entry: string | undefined;
}

/** Boot guests without a disk from a netboot folder, one after the other. This process's network must be its own. */
export async function testFolder(path: string, options: TestOptions, session: Session): Promise<void> {
  const { signal, report } = session;
  const faults = tokenFaults(options);
  if (faults.length > 0) throw new Failure("usage", faults.join("\n"), { remedy: "livewright test --help" });
  await requireHost("serve", signal);
  const folder = await readFolder(trueFile(path) ?? path);
  const cells = cellsOf(folder, options);
  await using taking = await receiver(folder.path, options, session);
  const common = {
    folder,
    login: await loginFor(options, folder.record),
    checks: await commandsIn(options.checks),
    seconds: options.timeout ?? usualSeconds,
    keep: options.screenshots,
    memory: mebibytes(options),
    addresses: options.dhcp,
    receive: taking?.receive,
    attend: `${programRoot}/hooks/attend`,
    signal,
    report,
    accelerator: await accelerator(signal),
  };
  await refuseUnreadable(folder.path);
  await refuseSpoilt(folder.path, signal);
  const sha256 = await fingerprint(join(folder.path, folderSums), signal);
  const name = ({ firmware, by, entry }: Cell): string => stageName(firmware, by, entry);
  const verdicts = await bootAll(cells, name, session, (cell, tell) => bootFromNetwork({ ...common, ...cell, tell }));
  const passed = verdicts.every((verdict) => verdict.passed);
  const result: TestResult = { format: 1, image: folder.path, sha256, passed, verdicts };
  await conclude(result, options, session);
}

/** The emulator's command lines; TAP stands for a tap device, which a person has to make. */
export async function printFolder(path: string, options: TestOptions, { print, signal }: Session): Promise<void> {
  const folder = await readFolder(trueFile(path) ?? path);
  const by = await accelerator(signal);
  for (const { firmware, by: medium, entry } of cellsOf(folder, options)) {
    const facts = factsOf(folder, firmware, entry);
    const memory = mebibytes(options) ?? memoryFor(folder, { firmware, entry });
    const line = lineOf(guestFor({ image: path, facts, firmware, medium, accelerator: by, entry, memory }));
    print(`${headline(firmware, medium, entry)}\n${line}\n`);
  }
}

/** What can be: no BIOS speaks HTTP, and QEMU's iPXE is signed by nobody. */
const possible: Readonly<Record<Firmware, readonly NetworkBoot[]>> = {
  bios: ["pxe", "ipxe"],
  uefi: ["pxe", "ipxe", "http"],
  "secure-boot": ["pxe", "http"],
};

function cellsOf(folder: NetbootFolder, { firmware, by, entry, list }: TestOptions): readonly Cell[] {
  if (entry !== undefined && list !== undefined)
    throw new Failure("usage", "--list chooses an entry, and --entry another: give one of them");
  const asked = firmware.flatMap((one) =>
    by
      .filter((way) => possible[one].includes(way))
      .map((way) => ({ firmware: one, by: way, entry: list === undefined ? entry : entryFetching(folder, one, list) })),
  );
  for (const cell of asked) routeTo(folder.record.menu, cell.firmware, cell.entry);
  const cells = asked.filter((cell) => cell.by !== "http" || cell.entry?.startsWith(stackedEntry) !== true);
  if (cells.length > 0) return cells;
  if (asked.length > 0)
    throw new Failure(
      "usage",
      `${bootDisk.file}, which HTTP boot starts, was made before ${asked[0]?.entry ?? ""} was stacked`,
      {
        remedy: "--by pxe, or by ipxe",
      },
    );
  throw new Failure("usage", `${firmware.join(", ")} cannot be booted by ${by.join(", ")}`, {
    remedy: Object.entries(possible)
      .map(([one, ways]) => `--firmware ${one} --by ${ways.join(",")}`)
      .join(", or "),
  });
}
