import type { Entry, LinuxEntry, Menu } from "../medium.ts";
import { netbootArguments, type Fetching } from "./list.ts";

/** The second initrd of every entry: what fetches the modules. In the folder. */
export const hookInitrd = "live/netboot.img";

/** The menus in the folder, by what reads them. */
export const netbootMenus = { pxelinux: "pxelinux.cfg/default", grub: "grub/grub.cfg", ipxe: "boot.ipxe" } as const;

/** The disk that firmware fetches by HTTP, and the menu on it. */
export const bootDisk = { file: "boot.img", menu: "boot/grub/grub.cfg" } as const;

/** Begins the names of entries for modules that were stacked later. The disk's menu was made before and has none of them. */
export const stackedEntry = "stacked-";

/** The initrds of an entry, in the order in which the kernel unpacks them; absolute paths in the folder. */
export const initrdsOf = ({ initrd }: LinuxEntry): readonly string[] => [initrd, `/${hookInitrd}`];

/** The menu whose entries fetch the modules of a list. */
export const fetchingMenu = (menu: Menu, fetching: Fetching): Menu => ({
  ...menu,
  entries: menu.entries.map((entry) => fetchingEntry(entry, netbootArguments(fetching))),
});

function fetchingEntry(entry: Entry, args: readonly string[]): Entry {
  if (entry.do === "menu") return { ...entry, entries: entry.entries.map((inner) => fetchingEntry(inner, args)) };
  return entry.do === "linux" ? { ...entry, arguments: [...entry.arguments, ...args] } : entry;
}
