import { offered } from "../medium.ts";
import { cp437, fitting, isolinuxArgument, isolinuxLine, kernelLine } from "./escape.ts";
import { helpLines, isolinuxFrame } from "./frame.ts";
import type { Look, MenuFile } from "./look.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";

/** BIOS: the menu of isolinux. Its .c32 programs come from the suite's syslinux packages. */
export async function isolinuxConfig({ menu, theme, folders }: Look): Promise<MenuFile> {
  const { colours, words, panel } = theme;
  const config = await render(
    folders.isolinux,
    "isolinux.cfg.ejs",
    {
      menu,
      entries: offered(menu.entries, "bios"),
      frame: isolinuxFrame(panel),
      colours: Object.fromEntries(Object.entries(colours).map(([name, hex]) => [name, `#ff${hex.slice(1)}`])),
      words,
      serial: serialPort(menu.serial),
      // A line of the panel has its borders, a space at each end, and room for the mark of a menu.
      title: (text: string) => fitting(isolinuxLine(text), panel.columns - 6),
      help: (text: string) => helpLines(isolinuxLine(text), panel).join("\n"),
      argument: isolinuxArgument,
      line: kernelLine,
    },
    isolinuxLine,
  );
  return { path: "isolinux/isolinux.cfg", content: cp437(config) };
}
