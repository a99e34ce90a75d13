import { dirname, resolve } from "node:path/posix";
import { grubLines, type Word } from "./grub-words.ts";
import type { Need, Offer, ReadMenu } from "./isolinux-menu.ts";

/** Read grub.cfg without running it: every branch is taken, and a variable has every value that it was given so far. */
export function readGrubMenu(text: string, file: string): ReadMenu {
  const reader = new Reader(file);
  for (const line of grubLines(text)) reader.line(line);
  return reader;
}

/** Words that stand before a command. */
const leading = new Set(["if", "elif", "while", "until", "then", "else", "do", "!"]);

/** Commands all of whose words, or only the first, are files they read. */
const readers = new Map([
  ["linux", "first"],
  ["linux16", "first"],
  ["linuxefi", "first"],
  ["multiboot", "first"],
  ["multiboot2", "first"],
  ["initrd", "all"],
  ["initrd16", "all"],
  ["initrdefi", "all"],
  ["chainloader", "first"],
  ["loadfont", "all"],
  ["source", "first"],
  ["configfile", "first"],
  ["background_image", "first"],
]);

class Reader implements ReadMenu {
  readonly offers: Offer[] = [];
  readonly needs: Need[] = [];
  readonly unclear: string[] = [];
  readonly #variables = new Map<string, readonly string[]>([
    ["root", ["medium"]],
    ["prefix", ["(medium)/boot/grub"]],
  ]);
  /** Names of the blocks around: an entry's or submenu's name, or nothing for a function. */
  readonly #blocks: (string | undefined)[] = [];
  readonly #file: string;

  constructor(file: string) {
    this.#file = file;
  }

  line(line: readonly Word[]): void {
    const start = line.findIndex((word) => !leading.has(plain(word)));
    const [first, ...words] = start < 0 ? [] : line.slice(start);
    if (first === undefined) return;
    const command = plain(first);
    const how = readers.get(command);
    if (command === "menuentry" || command === "submenu") this.#open(words);
    else if (command === "}") this.#blocks.pop();
    else if (words.at(-1) !== undefined && plain(words.at(-1) ?? []) === "{") this.#blocks.push(undefined);
    else if (command === "set") this.#set(words[0] ?? []);
    else if (command === "for") this.#loop(words);
    else if (command === "search") this.#search(words);
    else if (how !== undefined) this.#read(command, how === "all" ? words : words.slice(0, 1), words);
  }

  #open(words: readonly Word[]): void {
    const at = words.findIndex((word) => plain(word) === "--id");
    const title = words.find((word) => !plain(word).startsWith("--"));
    const name = plain((at < 0 ? title : words[at + 1]) ?? []);
    const outer = this.#blocks.filter((each) => each !== undefined);
    this.#blocks.push(name);
    const full = [...outer, name].join("/");
    if (this.offers.at(-1)?.name !== full) this.offers.push({ name: full, arguments: [] });
  }

  #set(word: Word): void {
    for (const assignment of this.#expand(word)) {
      const [name = "", value = ""] = assignment.split(/=(.*)/s);
      if (name === "theme" && value !== "") this.#need([value], "set theme");
      else this.#give(name, [value]);
    }
  }

  #give(name: string, values: readonly string[]): void {
    const all = new Set([...(this.#variables.get(name) ?? []), ...values]);
    this.#variables.set(name, [...all].slice(0, mostValues));
  }

  /** `for NAME in WORDS` */
  #loop([name = [], , ...words]: readonly Word[]): void {
    this.#give(
      plain(name),
      words.flatMap((word) => this.#expand(word).flatMap((text) => text.split(/\s+/))),
    );
  }

  #search(words: readonly Word[]): void {
    const at = words.findIndex((word) => ["--file", "-f"].includes(plain(word)));
    const path = at < 0 ? undefined : words.slice(at + 1).find((word) => !plain(word).startsWith("-"));
    if (path !== undefined) this.#need(this.#expand(path), "search");
    // What it finds is the medium, whatever the variable is called.
    const set = words.map((word) => /^--set=(.*)$/.exec(plain(word))?.[1]).find((each) => each !== undefined);
    this.#variables.set(set ?? "root", ["medium"]);
  }

  #read(command: string, files: readonly Word[], words: readonly Word[]): void {
    const options = files.filter((word) => !plain(word).startsWith("--"));
    const found = options.flatMap((word) => this.#need(this.#expand(word), command));
    const current = this.offers.at(-1);
    if (current === undefined || this.#blocks.length === 0) return;
    const [path] = found;
    if (path === undefined) return;
    if (command.startsWith("initrd")) this.offers[this.offers.length - 1] = { ...current, initrd: found.join(",") };
    if (!command.startsWith("linux")) return;
    const given = words.slice(1).flatMap((word) =>
      this.#expand(word)
        .slice(0, 1)
        .filter((text) => text !== ""),
    );
    this.offers[this.offers.length - 1] = { ...current, kernel: path, arguments: given };
  }

  /** The medium's files that are meant. A path on another disk, or a list of blocks, is none of them. */
  #need(texts: readonly string[], command: string): string[] {
    const current = this.#blocks.length === 0 ? undefined : this.offers.at(-1);
    const by = current === undefined ? this.#file : `the entry ${current.name}`;
    if (texts.length === 0) this.unclear.push(`${by}: ${command}`);
    const paths = texts.flatMap((text) => {
      const [, device = "medium", rest = ""] = /^(?:\(([^)]*)\))?(.*)$/s.exec(text) ?? [];
      if (device !== "medium" || rest.startsWith("+")) return [];
      const named = command === "loadfont" && !rest.includes("/") ? `/boot/grub/fonts/${rest}.pf2` : rest;
      return [resolve(dirname(this.#file), named)];
    });
    this.needs.push(...paths.map((path) => ({ path, by })));
    return paths;
  }

  /** What the word may be with its variables filled in; nothing when one of them is not known. */
  #expand(word: Word): string[] {
    return word.reduce<string[]>(
      (texts, piece) => {
        const values = typeof piece === "string" ? [piece] : this.#valuesOf(piece.variable);
        return texts.flatMap((text) => values.map((value) => text + value)).slice(0, mostValues);
      },
      [""],
    );
  }

  /** Scripts clear a variable before they look for its value, and test it before they use it. */
  #valuesOf(name: string): readonly string[] {
    const values = this.#variables.get(name) ?? [];
    return values.length > 1 ? values.filter((value) => value !== "") : values;
  }
}

const mostValues = 64;

/** A word without variables, as it stands. */
const plain = (word: Word): string => word.map((piece) => (typeof piece === "string" ? piece : "")).join("");
