import { offered, type Entry, type MediumRecord } from "../medium.ts";
import { readGrubMenu } from "./grub-menu.ts";
import { readIsolinuxMenu, type Offer, type ReadMenu } from "./isolinux-menu.ts";
import { error, warning, type Finding } from "./verdict.ts";

export const menuFiles = {
  bios: "isolinux/isolinux.cfg",
  uefi: "boot/grub/grub.cfg",
  loopback: "boot/grub/loopback.cfg",
} as const;

/** The small grub.cfg inside the ESP, which finds the medium. */
export const espMenu = "boot/grub/grub.cfg";

export interface Menus {
  readonly bios?: ReadMenu;
  readonly uefi?: ReadMenu;
  readonly loopback?: ReadMenu;
  readonly esp?: ReadMenu;
}

/** Read each menu that is there. */
export function readMenus(texts: Readonly<Record<keyof Menus, string | undefined>>): Menus {
  const { bios, uefi, loopback, esp } = texts;
  return {
    ...(bios === undefined ? {} : { bios: readIsolinuxMenu(bios, `/${menuFiles.bios}`) }),
    ...(uefi === undefined ? {} : { uefi: readGrubMenu(uefi, `/${menuFiles.uefi}`) }),
    ...(loopback === undefined ? {} : { loopback: readGrubMenu(loopback, `/${menuFiles.loopback}`) }),
    ...(esp === undefined ? {} : { esp: readGrubMenu(esp, `/${espMenu}`) }),
  };
}

const places: Readonly<Record<keyof Menus, string>> = {
  bios: `/${menuFiles.bios}`,
  uefi: `/${menuFiles.uefi}`,
  loopback: `/${menuFiles.loopback}`,
  esp: "grub.cfg in the ESP",
};

const kinds = ["bios", "uefi", "loopback", "esp"] as const;

/** Every file that a menu names must be on the medium. */
export function judgeMenus(menus: Menus, has: (path: string) => boolean): Finding[] {
  return kinds.flatMap((kind) => {
    const menu = menus[kind];
    if (menu === undefined) return [error(places[kind], "this menu is missing")];
    const paths = menu.needs.map(({ path }) => path);
    const absent = menu.needs.filter(({ path }, at) => !has(path) && paths.indexOf(path) === at);
    return [
      ...absent.map(({ path, by }) =>
        error(places[kind], `${path}, which ${saying(by, kind)} names, is not on the medium`),
      ),
      ...menu.unclear.map((what) =>
        warning(places[kind], `names a file by a variable that is not known here (${what})`),
      ),
    ];
  });
}

const saying = (by: string, kind: keyof Menus): string => (by === places[kind] ? "it" : by);

/** Both menus offer what the medium says of itself, entry by entry, and the ESP and loopback.cfg look for its marker. */
export function judgeAgreement(menus: Menus, { menu, marker }: MediumRecord): Finding[] {
  return [
    ...(menus.bios === undefined ? [] : agreeing(places.bios, menus.bios, offered(menu.entries, "bios"))),
    ...(menus.uefi === undefined ? [] : agreeing(places.uefi, menus.uefi, menu.entries)),
    ...(["esp", "loopback"] as const)
      .filter((kind) => menus[kind]?.needs.every(({ path }) => path !== marker) === true)
      .map((kind) => error(places[kind], `it does not look for this medium's marker, ${marker}`)),
  ];
}

/** A menu offers those entries, in that order, and starts with each what it says. */
export function agreeing(where: string, { offers }: ReadMenu, entries: readonly Entry[]): Finding[] {
  const wanted = flat(entries, "");
  const names = (list: readonly { readonly name: string }[]): string => list.map(({ name }) => name).join(", ");
  if (names(wanted) !== names(offers))
    return [
      error(where, `it offers ${names(offers) || "nothing"}; the medium's record has ${names(wanted) || "nothing"}`),
    ];
  return wanted.flatMap(({ name, entry }, at) => {
    const offer = offers[at];
    if (entry.do !== "linux" || offer === undefined) return [];
    return differences(entry, offer).map((what) => error(where, `the entry ${name} ${what}`));
  });
}

function flat(entries: readonly Entry[], before: string): { readonly name: string; readonly entry: Entry }[] {
  return entries.flatMap((entry) => {
    const name = before + entry.name;
    return [{ name, entry }, ...(entry.do === "menu" ? flat(entry.entries, `${name}/`) : [])];
  });
}

function differences(entry: Extract<Entry, { do: "linux" }>, offer: Offer): string[] {
  const wanted = entry.arguments.join(" ");
  const given = offer.arguments.join(" ");
  return [
    ...(offer.kernel === entry.kernel ? [] : [`starts ${offer.kernel ?? "nothing"} instead of ${entry.kernel}`]),
    ...(offer.initrd === entry.initrd ? [] : [`loads ${offer.initrd ?? "no initrd"} instead of ${entry.initrd}`]),
    ...(given === wanted ? [] : [`passes ${JSON.stringify(given)} instead of ${JSON.stringify(wanted)}`]),
  ];
}

/** The entries of a menu as a person meets them. */
export const namesOf = (menu: ReadMenu | undefined): readonly string[] => menu?.offers.map(({ name }) => name) ?? [];
