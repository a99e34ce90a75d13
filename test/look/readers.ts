import type { Entry } from "../../src/medium.ts";

/** What a menu says of an entry, whichever boot loader says it. */
export interface Seen {
  readonly name: string;
  readonly title: string;
  /** What is started, as one line; absent for a menu. */
  readonly starts?: string;
  readonly help?: string;
  readonly entries?: readonly Seen[];
}

interface Draft {
  name: string;
  title: string;
  starts?: string;
  help?: string;
  entries?: Draft[];
}

/** Read isolinux.cfg as syslinux' menu does: line by line, keywords in any case, help up to ENDTEXT. */
export function seenByIsolinux(config: Buffer): { readonly title: string; readonly entries: readonly Seen[] } {
  const decoder = cp437Text(config).split("\n");
  const root: Draft = { name: "", title: "", entries: [] };
  const open = [root];
  let entry: Draft | undefined;
  let helping = false;
  for (const line of decoder) {
    const [, word = "", rest = ""] = /^\s*(\S+)\s*(.*)$/.exec(line) ?? [];
    const menu = open.at(-1) ?? root;
    const key = word === "MENU" ? `MENU ${rest.split(/\s/)[0] ?? ""}` : word;
    const value = word === "MENU" ? rest.replace(/^\S+\s*/, "") : rest;
    if (helping) {
      if (word === "ENDTEXT") helping = false;
      else if (entry) entry.help = [entry.help, line.trim()].filter(Boolean).join(" ");
    } else if (key === "LABEL") {
      entry = { name: value, title: value };
      menu.entries?.push(entry);
    } else if (key === "MENU BEGIN") {
      const inner: Draft = { name: value, title: value, entries: [] };
      menu.entries?.push(inner);
      open.push(inner);
      entry = undefined;
    } else if (key === "MENU END") {
      open.pop();
      entry = undefined;
    } else if (key === "MENU TITLE") menu.title = value;
    else if (key === "MENU LABEL" && entry) entry.title = value;
    else if (key === "LINUX" && entry) entry.starts = `linux ${value}`;
    else if (key === "INITRD" && entry) entry.starts = `${entry.starts ?? ""} initrd ${value}`;
    else if (key === "APPEND" && entry) entry.starts = `${entry.starts ?? ""} with ${value.replaceAll('"', "")}`;
    else if (key === "LOCALBOOT" && entry) entry.starts = "local disk";
    else if (key === "TEXT") helping = true;
  }
  return { title: root.title, entries: root.entries ?? [] };
}

/** Read grub.cfg as GRUB does under a firmware: words, quotes, blocks, and the conditions that our templates use. */
export function seenByGrub(config: string, environment: Readonly<Record<string, string>>): readonly Seen[] {
  const lines = config.split("\n").map(words);
  const from = lines.findIndex(([first]) => first === "menuentry" || first === "submenu");
  const root: Draft = { name: "", title: "", entries: [] };
  const open: (Draft | "shown" | "hidden")[] = [root];
  for (const line of lines.slice(from)) {
    const [first = "", ...rest] = line;
    const hidden = open.includes("hidden");
    const menu = open.findLast((it): it is Draft => typeof it !== "string" && it.entries !== undefined) ?? root;
    const entry = open.at(-1);
    if (first === "if") open.push(hidden || !holds(rest, environment) ? "hidden" : "shown");
    else if (first === "fi" || first === "}") open.pop();
    else if (first === "menuentry" || first === "submenu") {
      const [, name = "", , title = ""] = rest;
      const made: Draft =
        first === "menuentry" ? { name, title } : { name, title: title.replace(/ {2}>$/, ""), entries: [] };
      if (!hidden) menu.entries?.push(made);
      open.push(made);
    } else if (typeof entry === "object") {
      const told = rest.filter((word) => word !== "$findiso");
      if (first === "echo") entry.help = rest.join(" ");
      if (first === "linux" && rest.length === 1) entry.starts = `linux ${rest[0] ?? ""}`;
      else if (first === "linux") entry.starts = `linux ${told[0] ?? ""} initrd @ with ${told.slice(1).join(" ")}`;
      if (first === "initrd") entry.starts = (entry.starts ?? "").replace("@", rest[0] ?? "");
      if (first === "chainloader" || first === "linux16") entry.starts = `linux ${rest[0] ?? ""}`;
      if (first === "fwsetup") entry.starts = "firmware settings";
      if (first === "own_disk") entry.starts = "local disk";
    }
  }
  return root.entries ?? [];
}

/** Words of GRUB's language, quotes taken away. A `$` outside quotes stays, so that a variable can be told from text. */
function words(line: string): readonly string[] {
  const found = line.trim().match(/(?:'[^']*'|"[^"]*"|\\.|[^\s'"\\])+/g) ?? [];
  return found.map((word) =>
    word.replace(/'([^']*)'|"([^"]*)"|\\(.)/g, (_, single?: string, double?: string, escaped?: string) => {
      return single ?? double ?? escaped ?? "";
    }),
  );
}

/** `[ "$a" = b -a "$c" != d ]; then` */
function holds(condition: readonly string[], environment: Readonly<Record<string, string>>): boolean {
  const inner = condition.slice(1, condition.indexOf("];"));
  const parts: string[][] = [[]];
  for (const word of inner) {
    if (word === "-a") parts.push([]);
    else parts.at(-1)?.push(word.startsWith("$") ? (environment[word.slice(1)] ?? "") : word);
  }
  return parts.every(([left, operator, right]) => (operator === "=") === (left === right));
}

function cp437Text(bytes: Buffer): string {
  const upper: Readonly<Record<number, string>> = { 0x82: "é", 0x87: "ç", 0xa4: "ñ", 0xe1: "ß", 0x81: "ü", 0x84: "ä" };
  return [...bytes].map((byte) => (byte < 0x80 ? String.fromCharCode(byte) : (upper[byte] ?? "?"))).join("");
}

/** What a list of entries should be seen as. */
export const expected = (entries: readonly Entry[], loader: "bios" | "uefi"): readonly Seen[] =>
  entries.map((entry): Seen => {
    const { name, title } = entry;
    switch (entry.do) {
      case "menu":
        return { name, title, entries: expected(entry.entries, loader) };
      case "linux": {
        const starts = `linux ${entry.kernel} initrd ${entry.initrd} with ${entry.arguments.join(" ")}`;
        return { name, title, starts, ...(entry.help === undefined ? {} : { help: entry.help }) };
      }
      case "memtest":
        return { name, title, starts: `linux ${(loader === "bios" ? entry.bios : entry.efi) ?? ""}` };
      case "firmware-settings":
        return { name, title, starts: "firmware settings" };
      case "local-disk":
        return { name, title, starts: "local disk" };
    }
  });
