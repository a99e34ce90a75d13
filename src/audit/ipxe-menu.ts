import { resolve } from "node:path/posix";
import type { Need, Offer, ReadMenu } from "./isolinux-menu.ts";

/** What follows a label, up to the next one. */
interface Section {
  readonly items: string[];
  readonly files: { kernel?: string; readonly initrds: string[] };
  arguments: readonly string[];
}

/** Read an iPXE script that is a menu (ipxe.org/cmd/menu): each item leads to the label of its name. Paths are seen from its folder. */
export function readIpxeMenu(text: string, file: string): ReadMenu {
  const sections = sectionsIn(text);
  const needs: Need[] = [];
  const unclear: string[] = [];
  const offers: Offer[] = [];
  const follow = (label: string, around: readonly string[]): void => {
    for (const item of sections.get(label)?.items ?? []) {
      if ([label, ...around].includes(item)) continue; // The way back.
      const name = [...around.slice(1), ...(around.length === 0 ? [] : [label]), item].join("/");
      const section = sections.get(item);
      if (section === undefined) {
        unclear.push(`the entry ${name}: there is no label ${item}`);
        continue;
      }
      const { kernel, initrds } = section.files;
      const by = `the entry ${name}`;
      needs.push(...[...(kernel === undefined ? [] : [kernel]), ...initrds].map((path) => ({ path, by })));
      offers.push({
        name,
        ...(kernel === undefined ? {} : { kernel }),
        ...(initrds.length === 0 ? {} : { initrd: initrds.join(",") }),
        arguments: section.arguments,
      });
      follow(item, [...around, label]);
    }
  };
  const [first = ""] = sections.keys();
  follow(first, []);
  return {
    offers,
    needs,
    unclear: text.startsWith("#!ipxe") ? unclear : [...unclear, `${file}: it does not begin with #!ipxe`],
  };
}

function sectionsIn(text: string): ReadonlyMap<string, Section> {
  const sections = new Map<string, Section>();
  let section: Section = { items: [], files: { initrds: [] }, arguments: [] };
  for (const line of text.split(/\r?\n/)) {
    const words = commandOf(line);
    const [command = "", ...rest] = words;
    const [first = ""] = rest;
    if (command.startsWith(":")) sections.set(command.slice(1), (section = fresh()));
    else if (command === "item" && !first.startsWith("--")) section.items.push(first);
    else if (command === "initrd") section.files.initrds.push(resolve("/", first));
    else if (command === "kernel") {
      section.files.kernel = resolve("/", first);
      section.arguments = rest.slice(1).filter((word) => !word.startsWith("initrd=") && !word.includes("${"));
    }
  }
  return sections;
}

const fresh = (): Section => ({ items: [], files: { initrds: [] }, arguments: [] });

/** The first command of a line, without what is done when it fails. */
function commandOf(line: string): readonly string[] {
  const words = line.split(/\s+/).filter((word) => word !== "");
  const end = words.findIndex((word) => word.startsWith("#") || ["||", "&&", ";"].includes(word));
  return end < 0 ? words : words.slice(0, end);
}
