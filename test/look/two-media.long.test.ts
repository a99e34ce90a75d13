import { copyFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { powerOn } from "../../src/machine/machine.ts";
import { pause, until } from "../../src/machine/wait.ts";
import { capture, run } from "../../src/system/process.ts";
import { builtIso } from "../workshop.ts";
import { folder } from "./folder.ts";

const mine = "Start the live system";
const other = "The other build";

test.each(["uefi", "secure-boot"] as const)(
  "under %s each of two media of different builds starts its own menu, whichever the firmware starts",
  async (firmware) => {
    const plain = await builtIso("minimal");
    const entries = `menu.entries=[{name: other, title: ${other}}]`;
    const changed = await builtIso("minimal", "--set", "name=other", "--set", entries);
    expect(await menuOn({ firmware, image: plain, disk: changed })).not.toContain(other);
    expect(await menuOn({ firmware, image: changed, disk: plain })).toContain(other);
  },
);

// The control: it shows that the tests above pass by what is in the ESP, not by luck.
test("without the ESP's own grub.cfg one of two media starts the other's menu", async () => {
  await using place = await folder();
  const plain = await withoutCfg(await builtIso("minimal"), join(place.path, "plain.iso"));
  const entries = `menu.entries=[{name: other, title: ${other}}]`;
  const changed = await builtIso("minimal", "--set", "name=other", "--set", entries);
  const without = await withoutCfg(changed, join(place.path, "changed.iso"));
  const own = [
    !(await menuOn({ firmware: "uefi", image: plain, disk: without })).includes(other),
    (await menuOn({ firmware: "uefi", image: without, disk: plain })).includes(other),
  ];
  expect(own).toContain(false);
});

/** A copy of an ISO whose ESP has lost its grub.cfg. */
async function withoutCfg(iso: string, copy: string): Promise<string> {
  const { signal } = new AbortController();
  await copyFile(iso, copy);
  const table = JSON.parse(await capture({ tool: "sfdisk", args: ["--json", copy], signal })) as Disk;
  const esp = table.partitiontable.partitions.find(({ type }) => /^(ef|C12A7328.*)$/i.test(type));
  const at = String((esp?.start ?? NaN) * 512);
  await run({ tool: "mdel", args: ["-i", `${copy}@@${at}`, "::/boot/grub/grub.cfg"], signal });
  return copy;
}

interface Disk {
  readonly partitiontable: { readonly partitions: readonly { readonly start: number; readonly type: string }[] };
}

/** What the menu says on the serial line when the image is started and the disk is only there. */
async function menuOn(media: { firmware: "uefi" | "secure-boot"; image: string; disk: string }): Promise<string> {
  await using place = await folder();
  const { signal } = new AbortController();
  const watching = { folder: place.path, signal, secrets: [], onEvent: () => undefined, onEnd: () => undefined };
  const guest = { ...media, attachment: "usb", accelerator: "tcg", memory: 1024 } as const;
  await using machine = await powerOn(guest, watching);
  const shown = await until(() => machine.console.text().includes(mine) || undefined, { within: 180, signal });
  expect(shown, "a menu came").toBe(true);
  await pause(2_000, signal); // The rest of the menu follows its first line.
  return machine.console.text();
}
