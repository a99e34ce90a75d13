import { expect, test } from "vitest";
import { powerOn } from "../../src/machine/machine.ts";
import { pause, until } from "../../src/machine/wait.ts";
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
