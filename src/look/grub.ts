import { grubArgument, grubWord, kernelLine } from "./escape.ts";
import type { Look, MenuFile } from "./look.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";
import { fontFiles } from "./theme.ts";
import { variants } from "./variants.ts";

/** UEFI: GRUB's menu, and its entrance for ISOs on other disks. */
export async function grubScripts({ menu, marker, theme, folders }: Look): Promise<readonly MenuFile[]> {
  const data = {
    menu,
    entries: menu.entries,
    marker,
    fonts: fontFiles(theme),
    variants,
    serial: serialPort(menu.serial),
    argument: grubArgument,
    line: kernelLine,
  };
  return Promise.all(
    ["grub.cfg", "loopback.cfg"].map(async (name) => ({
      path: `boot/grub/${name}`,
      content: await render(folders.grub, `${name}.ejs`, data, grubWord),
    })),
  );
}

/** What lies in the ESP, where GRUB looks first: it finds the medium that has the marker. `grub` is the templates' folder. */
export const seekingScript = (grub: string, marker: string): Promise<string> =>
  render(grub, "esp-grub.cfg.ejs", { marker }, grubWord);
