import { Failure } from "../../failure.ts";
import type { Entry, LinuxEntry, Menu } from "../../medium.ts";
import type { EntryFamily, Recipe } from "../../recipe/recipe.ts";
import { installerMenu } from "./installer-entries.ts";
import { languageMenu, live } from "./live-entries.ts";

/** What the medium carries besides the live system; an absent memory test has no entry. */
export interface MenuFacts {
  /** Absolute paths on the medium. */
  readonly memtest?: { readonly bios?: string; readonly efi?: string };
}

/** The boot menus of a recipe's medium: what both of them offer, in the order in which they offer it. */
export function menuOf(recipe: Recipe, facts: MenuFacts = {}): Menu {
  const { serial } = recipe.console;
  const entries = sole([
    ...when(recipe, "live", live.plain(recipe)),
    ...when(recipe, "failsafe", live.failsafe(recipe)),
    ...when(recipe, "toram", live.toRam(recipe)),
    ...when(recipe, "persistence", live.persistent(recipe)),
    ...(serial === undefined ? [] : when(recipe, "serial", live.serial(recipe, serial))),
    ...recipe.menu.entries.map((own) => live.own(recipe, own)),
    ...when(recipe, "languages", languageMenu(recipe)),
    ...when(recipe, "installer", installerMenu(recipe.installer)),
    ...utilities(recipe, facts),
  ]);
  const { title, timeout } = recipe.menu;
  return { title, timeout, ...(serial === undefined ? {} : { serial }), entries };
}

const when = (recipe: Recipe, family: EntryFamily, entry: Entry | undefined): readonly Entry[] =>
  entry !== undefined && recipe.menu.offer.includes(family) ? [entry] : [];

function utilities(recipe: Recipe, { memtest }: MenuFacts): readonly Entry[] {
  const entries = [
    ...when(recipe, "media-check", live.mediaCheck(recipe)),
    ...when(recipe, "local-disk", {
      do: "local-disk",
      name: "local-disk",
      title: "Start from the computer's own disk",
    }),
    ...when(recipe, "firmware-settings", {
      do: "firmware-settings",
      name: "firmware-settings",
      title: "Open the firmware settings",
    }),
    // Last: firmware that enforces Secure Boot shows no memory test, and what stands before it keeps its place.
    ...when(recipe, "memtest", memtest && { do: "memtest", name: "memtest", title: "Test the memory", ...memtest }),
  ];
  return entries.length === 0 ? [] : [{ do: "menu", name: "utilities", title: "Tools", entries }];
}

/** Entries are chosen by name, so a name is one word and stands for one entry; and a menu starts something. */
function sole(entries: readonly Entry[]): readonly Entry[] {
  const names = entries.flatMap(namesIn);
  const twice = [...new Set(names.filter((name, at) => names.indexOf(name) !== at))].sort();
  const faults = [
    ...names.filter((name) => !/^[\w.-]+$/.test(name)).map((name) => `the name "${name}" must be one plain word`),
    ...twice.map((name) => `the name "${name}" stands for more than one entry`),
    ...(entries.some(isLinux) ? [] : ["no entry starts a system"]),
  ];
  if (faults.length > 0)
    throw new Failure("recipe-invalid", faults.map((fault) => `menu: ${fault}`).join("\n"), {
      remedy: "see menu.entries, menu.languages and menu.offer in the recipe",
    });
  return entries;
}

const namesIn = (entry: Entry): readonly string[] =>
  entry.do === "menu" ? [entry.name, ...entry.entries.flatMap(namesIn)] : [entry.name];

const isLinux = (entry: Entry): entry is LinuxEntry => entry.do === "linux";
