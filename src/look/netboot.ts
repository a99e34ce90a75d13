import { offered, type Entry, type Menu } from "../medium.ts";
import { computerFor } from "../netboot/list.ts";
import { initrdsOf, netbootMenus } from "../netboot/menu.ts";
import { colourOf } from "./colour.ts";
import { lay } from "./dress.ts";
import {
  cp437,
  fitting,
  grubArgument,
  grubWord,
  ipxeArgument,
  ipxeSpecial,
  ipxeWords,
  isolinuxArgument,
  isolinuxLine,
  kernelLine,
} from "./escape.ts";
import type { MenuFile } from "./look.ts";
import { serialPort } from "./serial.ts";
import { render } from "./templates.ts";
import { loadTheme, type Theme } from "./theme.ts";

/** What the menus of a netboot folder are made of. */
export interface NetbootLook {
  readonly menu: Menu;
  /** Bytes that an entry needs. */
  readonly memory: number;
  /** The theme's folder. */
  readonly theme: string;
  /** Folders of the menus' templates. */
  readonly folders: { readonly isolinux: string; readonly grub: string; readonly ipxe: string };
}

/** Write the menus of all three loaders into a folder. */
export async function dressFolder(look: NetbootLook, tree: string, signal: AbortSignal): Promise<void> {
  await lay(await netbootTexts(look), { tree, signal });
}

/** What PXELINUX, GRUB and iPXE read. */
export async function netbootTexts({ menu, memory, theme, folders }: NetbootLook): Promise<readonly MenuFile[]> {
  const { words, colours } = await loadTheme(theme);
  const common = {
    menu,
    entries: menu.entries,
    needs: needed(memory, "bios"),
    needsOf: (entry: Entry) => needed(ownNeed(entry) ?? memory, "bios"),
    // GRUB tells for each entry what it needs; the others tell it once for all that need the same.
    titleOf: (entry: Entry) => {
      const own = ownNeed(entry);
      return own === undefined ? entry.title : `${entry.title} (${needed(own, "bios")})`;
    },
    serial: serialPort(menu.serial),
    initrds: initrdsOf,
    relative: (path: string) => path.slice(1),
    line: kernelLine,
  };
  const pxelinux = await render(
    folders.isolinux,
    "pxelinux.cfg.ejs",
    {
      ...common,
      entries: offered(menu.entries, "bios"),
      words,
      colours: attributes(colours),
      title: (text: string) => fitting(isolinuxLine(text), 70),
      argument: isolinuxArgument,
    },
    isolinuxLine,
  );
  const underUefi = (entry: Entry): string => needed(ownNeed(entry) ?? memory, "uefi");
  const grub = { ...common, needsOf: underUefi, argument: grubArgument, word: grubWord };
  // iPXE cannot open the firmware's settings.
  const ipxe = { ...common, entries: offered(menu.entries, "bios"), special: ipxeSpecial, argument: ipxeArgument };
  return [
    { path: netbootMenus.pxelinux, content: cp437(pxelinux) },
    { path: netbootMenus.grub, content: await render(folders.grub, "netboot.cfg.ejs", grub, grubWord) },
    { path: netbootMenus.ipxe, content: await render(folders.ipxe, "boot.ipxe.ejs", ipxe, ipxeWords) },
  ];
}

/** In the unit in which memory is sold. */
const needed = (memory: number, firmware: "bios" | "uefi"): string =>
  `needs ${String(computerFor({ memory }, firmware))} MB of memory`;

const ownNeed = (entry: Entry): number | undefined => (entry.do === "linux" ? entry.memory : undefined);

/** A text screen has eight colours to write on and eight to write with, by their numbers for terminals (ECMA-48). */
function attributes(colours: Theme["colours"]): Readonly<Record<string, string>> {
  const ground = nearest(colours.ground);
  const on = (ink: keyof Theme["colours"]): string => inked(nearest(colours[ink]), ground);
  return {
    screen: on("quiet"),
    border: on("quiet"),
    title: `1;${on("title")}`,
    unsel: on("title"),
    hotkey: `1;${on("title")}`,
    sel: inked(nearest(colours["chosen-text"]), nearest(colours.chosen)),
    hotsel: inked(nearest(colours["chosen-text"]), nearest(colours.chosen)),
    help: on("quiet"),
    timeout_msg: on("quiet"),
    timeout: `1;${on("title")}`,
    tabmsg: on("title"),
    cmdmark: on("title"),
    cmdline: on("title"),
  };
}

/** Where both come out as the same, one of black and white is legible. */
const inked = (ink: number, paper: number): string =>
  `${String(30 + (ink === paper ? (paper === 7 ? 0 : 7) : ink))};${String(40 + paper)}`;

function nearest(hex: string): number {
  const [red, green, blue] = colourOf(hex) ?? [0, 0, 0];
  const bit = (part: number): number => (part > 127 ? 1 : 0);
  return bit(red) + 2 * bit(green) + 4 * bit(blue);
}
