import { dirname, join, resolve } from "node:path/posix";

/** A menu file as far as it can be judged without starting it: what it offers and which of the medium's files it needs. */
export interface ReadMenu {
  readonly offers: readonly Offer[];
  readonly needs: readonly Need[];
  /** Words that name a file in a way that only the running boot loader could follow. */
  readonly unclear: readonly string[];
}

/** An entry; those inside a submenu follow it, their names after its own: "languages/german". */
export interface Offer {
  readonly name: string;
  readonly kernel?: string;
  /** Several are separated by commas. */
  readonly initrd?: string;
  readonly arguments: readonly string[];
}

export interface Need {
  /** Absolute path on the medium. */
  readonly path: string;
  /** What names it, such as "the entry live". */
  readonly by: string;
}

/**
 * Read isolinux.cfg (syslinux's doc/syslinux.txt and doc/menu.txt). Relative paths are relative to the file's own folder; those of
 * PXELINUX to its own.
 */
export function readIsolinuxMenu(
  text: string,
  file: string,
  { folder, loader } = { folder: dirname(file), loader: "isolinux" },
): ReadMenu {
  const offers: Offer[] = [];
  const needs: Need[] = [{ path: join(folder, "ldlinux.c32"), by: loader }];
  const menus: string[] = [];
  let help = false;
  for (const line of text.split(/\r?\n/)) {
    const [, keyword = "", rest = ""] = /^\s*(\S+)\s*(.*?)\s*$/.exec(line) ?? [];
    const word = keyword.toLowerCase();
    if (help || word.startsWith("#")) {
      help &&= word !== "endtext";
      continue;
    }
    const current = offers.at(-1);
    const by = current === undefined ? file : `the entry ${current.name}`;
    const amend = (more: Partial<Offer>): void => {
      if (current !== undefined) offers[offers.length - 1] = { ...current, ...more };
    };
    const need = (path: string): string => {
      const found = resolve(folder, path);
      needs.push({ path: found, by });
      return found;
    };
    switch (word) {
      case "label":
        offers.push({ name: [...menus, rest].join("/"), arguments: [] });
        break;
      case "ui":
      case "include":
      case "config":
      case "font":
      case "display":
      case "com32":
        need(rest.split(/\s+/)[0] ?? "");
        break;
      case "kernel":
      case "linux":
        amend({ kernel: need(rest) });
        break;
      case "initrd":
        amend({ initrd: rest.split(",").map(need).join(",") });
        break;
      case "append": {
        const words = [...rest.matchAll(/"[^"]*"|\S+/g)].map(([found]) => found.replaceAll('"', ""));
        const [initrds, others] = [words.filter(isInitrd), words.filter((each) => !isInitrd(each))];
        for (const path of initrds.flatMap((each) => each.slice("initrd=".length).split(","))) need(path);
        amend({ arguments: others });
        break;
      }
      case "text":
        help = rest.toLowerCase() === "help";
        break;
      case "menu":
        menuLine(rest, {
          menus,
          need,
          open: (name) => offers.push({ name, arguments: [] }),
          leave: () => offers.pop(),
        });
        break;
      default:
        if (/^f(?:[1-9]|1[0-2])$/.test(word)) need(rest.split(/\s+/)[0] ?? "");
    }
  }
  return { offers, needs, unclear: [] };
}

const isInitrd = (word: string): boolean => word.startsWith("initrd=");

interface MenuLine {
  readonly menus: string[];
  readonly need: (path: string) => string;
  readonly open: (name: string) => void;
  /** The entry only leads back to the menu around. */
  readonly leave: () => void;
}

function menuLine(rest: string, { menus, need, open, leave }: MenuLine): void {
  const [, keyword = "", value = ""] = /^(\S+)\s*(.*)$/.exec(rest) ?? [];
  switch (keyword.toLowerCase()) {
    case "begin":
      menus.push(value);
      open(menus.join("/"));
      break;
    case "end":
      menus.pop();
      break;
    case "exit":
      leave();
      break;
    case "background":
      if (!value.startsWith("#")) need(value);
      break;
    case "include":
    case "help":
      need(value.split(/\s+/)[0] ?? "");
  }
}
