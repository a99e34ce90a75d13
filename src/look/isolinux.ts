import { offered } from "../medium.ts";
import { cp437, isolinuxArgument, isolinuxLine } from "./escape.ts";
import { helpLines, isolinuxFrame } from "./frame.ts";
import type { Look, MenuFile } from "./look.ts";
import { biosSplash } from "./pictures.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";

/** BIOS: the menu of isolinux and the picture behind it. The .c32 programs come from the suite's syslinux packages. */
export async function isolinuxFiles({ menu, theme, folders }: Look): Promise<readonly MenuFile[]> {
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
      help: (text: string) => helpLines(isolinuxLine(text), panel).join("\n"),
      argument: isolinuxArgument,
    },
    isolinuxLine,
  );
  return [
    { path: "isolinux/isolinux.cfg", content: cp437(config) },
    { path: "isolinux/splash.png", content: await biosSplash(theme) },
  ];
}
