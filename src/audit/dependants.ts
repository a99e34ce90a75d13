import { dirname, join } from "node:path/posix";
import { contentOf, textOf } from "./checksums.ts";
import type { Image } from "./image.ts";
import type { Menus } from "./menus.ts";
import type { Tree } from "./tree.ts";
import { error, type Finding } from "./verdict.ts";

/** What the files that menus name need in their turn: syslinux's programs their libraries, GRUB's themes their pictures. */
export async function judgeDependants(image: Image, tree: Tree, menus: Menus): Promise<Finding[]> {
  const programs = named(menus.bios).filter((path) => path.endsWith(".c32"));
  const themes = named(menus.uefi).filter((path) => path.endsWith("/theme.txt"));
  const findings = [
    ...programs.map((path) => judgeProgram(image, tree, path)),
    ...themes.map((path) => judgeTheme(image, tree, path)),
  ];
  return (await Promise.all(findings)).flat();
}

const named = (menu: Menus["bios"]): string[] => [...new Set(menu?.needs.map(({ path }) => path.slice(1)))];

/** A .c32 is an ELF file that has its libraries' names in it, as they lie beside it. */
async function judgeProgram(image: Image, tree: Tree, path: string): Promise<Finding[]> {
  const node = tree.get(path);
  if (node === undefined) return [];
  const text = (await contentOf(image, node)).toString("latin1");
  const libraries = new Set([...text.matchAll(/\blib\w+\.c32\b/g)].map(([name]) => join(dirname(path), name)));
  return [...libraries]
    .filter((library) => !tree.has(library))
    .map((library) => error(`/${path}`, `it needs /${library}, which is not on the medium`));
}

/** `desktop-image: "background.png"`, `menu_pixmap_style = "panel_*.png"`: the star stands for the pieces of a frame. */
async function judgeTheme(image: Image, tree: Tree, path: string): Promise<Finding[]> {
  const text = (await textOf(image, tree, path)) ?? "";
  const pictures = [...text.matchAll(/^[^#\n]*?[\w-]+\s*[:=]\s*"([^"]+\.(?:png|jpe?g|tga))"/gm)].map(
    ([, picture = ""]) => picture,
  );
  const there = [...tree.keys()].filter((each) => dirname(each) === dirname(path));
  return [...new Set(pictures)]
    .filter((picture) => {
      const [before = "", after] = join(dirname(path), picture).split("*");
      return after === undefined
        ? !tree.has(before)
        : !there.some((each) => each.startsWith(before) && each.endsWith(after));
    })
    .map((picture) => error(`/${path}`, `its picture ${picture} is not on the medium`));
}
