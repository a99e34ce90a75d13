import { grubArgument, grubWord, kernelLine } from "./escape.ts";
import type { Look, MenuFile } from "./look.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";
import { fontFiles } from "./theme.ts";
import { variants } from "./variants.ts";

/** UEFI: GRUB's menu, its entrance for ISOs on other disks, and the snippet by which GRUB finds this very medium. */
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
    ["grub.cfg", "loopback.cfg", "esp-grub.cfg"].map(async (name) => ({
      path: `boot/grub/${name}`,
      content: await render(folders.grub, `${name}.ejs`, data, grubWord),
    })),
  );
}
