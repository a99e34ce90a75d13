import { describe, expect, test } from "vitest";
import { crc32 } from "../../src/audit/crc32.ts";
import { readGrubMenu } from "../../src/audit/grub-menu.ts";
import { grubLines } from "../../src/audit/grub-words.ts";
import { readIsolinuxMenu } from "../../src/audit/isolinux-menu.ts";
import { judgeAgreement, readMenus } from "../../src/audit/menus.ts";
import { superblockFaults } from "../../src/audit/squashfs.ts";
import type { MediumRecord } from "../../src/medium.ts";

const paths = (menu: { readonly needs: readonly { readonly path: string }[] }): string[] =>
  menu.needs.map(({ path }) => path);
const grub = (text: string): ReturnType<typeof readGrubMenu> => readGrubMenu(text, "/boot/grub/grub.cfg");
const isolinux = (text: string): ReturnType<typeof readIsolinuxMenu> =>
  readIsolinuxMenu(text, "/isolinux/isolinux.cfg");

describe("words of a GRUB script", () => {
  test.each([
    ["a  'b c' \"d e\"", [["a"], ["b c"], ["d e"]]],
    ["a'b'\"c\"\\ d", [["a", "b", "c", " ", "d"]]],
    ["echo '' # comment 'x", [["echo"], [""]]],
    ["a#b", [["a#b"]]],
    ["x $y ${z}w", [["x"], [{ variable: "y" }], [{ variable: "z" }, "w"]]],
    ['"a$b\\$c\\"d"', [["a", { variable: "b" }, "$", "c", '"', "d"]]],
    ["'$a'", [["$a"]]],
    ["a \\\nb", [["a"], ["b"]]],
  ])("%s", (text, words) => {
    expect(grubLines(text)).toEqual([words]);
  });

  test("make commands that end with a line or a semicolon", () => {
    expect(grubLines("a; b\n\n# c\nd;e")).toEqual([[["a"]], [["b"]], [["d"]], [["e"]]]);
  });
});

describe("a GRUB menu", () => {
  test("needs what its commands read, wherever a variable leads", () => {
    const menu = grub(`
      set base=($root)/live
      if loadfont $prefix/fonts/a.pf2; then loadfont unicode; fi
      for size in small large; do set theme=\${base}/$size/theme.txt; done
      source sub/other.cfg
      search --no-floppy --set=root --file /.disk/id/x`);
    expect(paths(menu)).toEqual([
      "/boot/grub/fonts/a.pf2",
      "/boot/grub/fonts/unicode.pf2",
      "/live/small/theme.txt",
      "/live/large/theme.txt",
      "/boot/grub/sub/other.cfg",
      "/.disk/id/x",
    ]);
    expect(menu.unclear).toEqual([]);
  });

  test("offers its entries with what they start, those of submenus after them", () => {
    const menu = grub(`
      menuentry --id live -- 'It''s live' { linux /live/vmlinuz boot=live 'a b' $findiso
        initrd /live/initrd.img
      }
      submenu 'More' --class x {
        if [ "$grub_platform" = efi ]; then
          menuentry --id test { chainloader /boot/test.efi; }
        fi
        if [ "$grub_platform" = pc ]; then
          menuentry --id test { linux16 /boot/test.bin; }
        fi
      }
      menuentry --id disk { chainloader (hd0)+1; }`);
    expect(menu.offers.map(({ name }) => name)).toEqual(["live", "More", "More/test", "disk"]);
    expect(menu.offers[0]).toEqual({
      name: "live",
      kernel: "/live/vmlinuz",
      initrd: "/live/initrd.img",
      arguments: ["boot=live", "a b"],
    });
    expect(paths(menu)).toEqual(["/live/vmlinuz", "/live/initrd.img", "/boot/test.efi", "/boot/test.bin"]);
  });

  test("that names a file by a variable nobody set is told as unclear", () => {
    expect(grub("menuentry --id a { linux $kernel\n}").unclear).toEqual(["the entry a: linux"]);
  });
});

describe("an isolinux menu", () => {
  test("needs the files of its keywords, relative to its own folder", () => {
    const menu = isolinux(
      "UI vesamenu.c32\nMENU BACKGROUND splash.png\nINCLUDE /boot/more.cfg\nF1 help.txt 17\nMENU COLOR title 0 #fff none\n",
    );
    expect(paths(menu)).toEqual([
      "/isolinux/ldlinux.c32",
      "/isolinux/vesamenu.c32",
      "/isolinux/splash.png",
      "/boot/more.cfg",
      "/isolinux/help.txt",
    ]);
  });

  test("offers its entries, and takes no help text for keywords", () => {
    const menu = isolinux(`
label live
  menu label ^Live
  kernel /live/vmlinuz
  append initrd=/live/initrd.img,/live/more.img boot=live "a b"
  text help
    LINUX is not a keyword here
  endtext
MENU BEGIN more
LABEL test
  LINUX /boot/test.bin
LABEL back
  MENU EXIT
MENU END
LABEL disk
  LOCALBOOT -1
`);
    expect(menu.offers.map(({ name }) => name)).toEqual(["live", "more", "more/test", "disk"]);
    expect(menu.offers[0]).toMatchObject({ kernel: "/live/vmlinuz", arguments: ["boot=live", "a b"] });
    expect(paths(menu)).toContain("/live/more.img");
    expect(paths(menu)).not.toContain("/isolinux/is");
  });
});

test("menus that hide an entry, add one, or start another are told", () => {
  const entry = { do: "linux", title: "", kind: "live", kernel: "/k", initrd: "/i", arguments: ["x"] } as const;
  const record = {
    marker: "/.disk/id/1",
    menu: {
      title: "",
      timeout: 0,
      entries: [
        { ...entry, name: "a" },
        { ...entry, name: "b" },
      ],
    },
  } as unknown as MediumRecord;
  const cfg = (names: readonly string[], words: string): string =>
    names.map((name) => `menuentry --id ${name} { linux /k ${words}\ninitrd /i\n}\n`).join("");
  const told = (uefi: string): string[] =>
    judgeAgreement(readMenus({ bios: undefined, uefi, loopback: undefined, esp: undefined }), record).map(
      ({ what }) => what,
    );
  expect(told(cfg(["a", "b"], "x"))).toEqual([]);
  expect(told(cfg(["a"], "x"))).toEqual(["it offers a; the medium's record has a, b"]);
  expect(told(cfg(["a", "b", "c"], "x"))).toEqual(["it offers a, b, c; the medium's record has a, b"]);
  expect(told(cfg(["a", "b"], "y"))).toEqual([
    'the entry a passes "y" instead of "x"',
    'the entry b passes "y" instead of "x"',
  ]);
});

test("CRC-32 is the one that GPT uses", () => {
  expect(crc32(Buffer.from("123456789"))).toBe(0xcbf43926);
});

test("a superblock that is too short, or of something else, is told so", () => {
  expect(superblockFaults(Buffer.alloc(10), 10)).toEqual(["it has 10 bytes, less than a superblock"]);
  expect(superblockFaults(Buffer.alloc(96), 4096)).toEqual(["it does not begin as a squashfs does"]);
});
