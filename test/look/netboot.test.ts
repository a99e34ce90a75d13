import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { netbootTexts } from "../../src/look/netboot.ts";
import { offered, type Entry } from "../../src/medium.ts";
import { fetchingMenu, hookInitrd } from "../../src/netboot/menu.ts";
import { netbootMenu } from "../../src/plan/media/netboot.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { checkout, themeFolder, themes } from "./folder.ts";
import { expected, seenByGrub, seenByIsolinux, type Seen } from "./readers.ts";
import { richRecipe } from "./recipes.ts";

const fetching = { path: "lists/default.modules", sha256: "e".repeat(64) };
const folders = { isolinux: `${checkout}/isolinux`, grub: `${checkout}/grub-efi`, ipxe: `${checkout}/ipxe` };
const rich = richRecipe({ console: { serial: "ttyS0,115200" } });

const menuFor = (recipe: Recipe) => fetchingMenu(netbootMenu(recipe), fetching);

async function written(recipe: Recipe = rich, theme = "calm"): Promise<(path: string) => Buffer> {
  const texts = await netbootTexts({
    menu: menuFor(recipe),
    memory: 430 * 2 ** 20 + 1,
    theme: themeFolder(theme),
    folders,
  });
  return (path) => Buffer.from(texts.find((each) => each.path === path)!.content);
}

/** As the readers see them, with both initrds as that loader is told them. */
const wanted = (entries: readonly Entry[], join: (paths: readonly string[]) => string, more = ""): readonly Seen[] => {
  const inner = (list: readonly Entry[]): readonly Entry[] =>
    list.map((entry) => {
      if (entry.do === "menu") return { ...entry, entries: inner(entry.entries) };
      return entry.do === "linux"
        ? { ...entry, title: entry.title + more, initrd: join([entry.initrd, `/${hookInitrd}`]) }
        : entry;
    });
  return expected(inner(entries), "uefi");
};

const names = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.do === "menu" ? names(entry.entries) : [entry.name]));

test("the menu of a folder has what starts without a medium, and what each entry fetches", () => {
  const { entries } = menuFor(rich);
  expect(names(entries)).toEqual([
    ...["live", "live-failsafe", "live-serial", "kiosk", "live-de_DE", "live-es_ES", "live-fr_FR"],
    ...["local-disk", "firmware-settings"],
  ]);
  const [live] = entries;
  expect(live?.do === "linux" ? live.arguments.slice(-2) : []).toEqual([
    "livewright.list=lists/default.modules",
    `livewright.sha256=${"e".repeat(64)}`,
  ]);
});

test("PXELINUX offers it, with paths seen from the folder, and is told to pass on the card and the server", async () => {
  const config = (await written())("pxelinux.cfg/default");
  const seen = seenByIsolinux(config);
  const relative = (path: string): string => path.slice(1);
  const entries = wanted(offered(menuFor(rich).entries, "bios"), (paths) => paths.map(relative).join(","));
  expect(JSON.stringify(seen.entries)).toBe(JSON.stringify(entries).replaceAll("linux /live", "linux live"));
  expect(config.toString()).toMatch(/^SYSAPPEND 3$/m);
  expect(config.toString()).toMatch(/^SERIAL 0 115200$/m);
  expect(config.toString()).toContain("needs 704 MB of memory");
});

test("GRUB offers it with both initrds, on the screen and on the serial line", async () => {
  const config = (await written())("grub/grub.cfg").toString();
  const entries = wanted(menuFor(rich).entries, ([first = ""]) => first, " (needs 960 MB of memory)");
  const seen = seenByGrub(config.replaceAll(" $net\n", "\n").replaceAll(/^( *)exit$/gm, "$1own_disk"), {
    grub_platform: "efi",
  });
  expect(seen).toEqual(entries);
  expect(config.match(/initrd '\/live\/initrd\.img' '\/live\/netboot\.img'/g)).toHaveLength(7);
  expect(config).toContain("serial --unit=0 --speed=115200");
});

test("GRUB itself can read its menu", async () => {
  const config = (await written())("grub/grub.cfg");
  expect(execFileSync("grub-script-check", { input: config, encoding: "utf8" })).toBe("");
});

/** What iPXE makes of a script's lines: words first, then "${…}" in each of them, as its core/exec.c does. */
function ipxe(script: string, settings: Record<string, string>): readonly (readonly string[])[] {
  return script.split("\n").map((line) => {
    const words = line.split(/\s+/).filter((word) => word !== "");
    const end = words.findIndex((word) => word.startsWith("#") || ["||", "&&", ";"].includes(word));
    const command = (end < 0 ? words : words.slice(0, end)).map((word) =>
      word.replace(/\$\{([^}]*)\}/g, (_, name: string) => settings[name] ?? ""),
    );
    const [, name, hex] = /^set (\w+):hex (\w+)$/.exec(command.join(" ")) ?? [];
    if (name !== undefined) settings[`${name}:string`] = String.fromCharCode(Number.parseInt(hex!, 16));
    return command;
  });
}

test("iPXE fetches kernel and both initrds from where the script lies, and tells the guest", async () => {
  const script = (await written())("boot.ipxe").toString();
  expect(script.split("\n")[0]).toBe("#!ipxe");
  const lines = ipxe(script, { from: "http://192.0.2.1:8080/live/", "netX/mac:hexhyp": "52-54-00-12-34-56" });
  const at = lines.findIndex(([word]) => word === ":live");
  const kernel = lines.slice(at).find(([word]) => word === "kernel") ?? [];
  expect(kernel.slice(0, 4)).toEqual(["kernel", "live/vmlinuz", "initrd=initrd.img", "initrd=netboot.img"]);
  expect(kernel.slice(-4)).toEqual([
    "livewright.list=lists/default.modules",
    `livewright.sha256=${"e".repeat(64)}`,
    "livewright.from=http://192.0.2.1:8080/live/",
    "BOOTIF=01-52-54-00-12-34-56",
  ]);
  const initrds = lines
    .slice(at)
    .filter(([word]) => word === "initrd")
    .slice(0, 2);
  expect(initrds).toEqual([
    ["initrd", "live/initrd.img"],
    ["initrd", "live/netboot.img"],
  ]);
  expect(lines).toContainEqual(["item", "--gap", "needs", "704", "MB", "of", "memory"]);
});

test("every item of iPXE's menu leads to a label, and so does every jump", async () => {
  const script = (await written())("boot.ipxe").toString();
  const labels = new Set([...script.matchAll(/^:(\S+)$/gm)].map(([, label]) => label));
  const leads = [...script.matchAll(/^item (?!--)(\S+)|goto (?!\$)(\S+)/gm)].map(([, item, jump]) => item ?? jump);
  expect(leads.filter((label) => !labels.has(label))).toEqual([]);
  expect(labels.size).toBe([...script.matchAll(/^:(\S+)$/gm)].length);
});

test("titles full of signs mean themselves in all menus", async () => {
  const title = `It's "x" #1 && 2 || 3 ; $(y) 50% {a} $z`;
  const odd = { name: "odd", title, arguments: ["c=#1", "d=50%"] };
  const all = await written({ ...rich, menu: { ...rich.menu, entries: [odd] } });
  const lines = ipxe(all("boot.ipxe").toString(), {});
  expect(
    lines
      .find(([word, name]) => word === "item" && name === "odd")
      ?.slice(2)
      .join(" "),
  ).toBe(title);
  expect(seenByIsolinux(all("pxelinux.cfg/default")).entries.find(({ name }) => name === "odd")?.title).toBe(title);
  const grub = seenByGrub(all("grub/grub.cfg").toString(), {}).find(({ name }) => name === "odd");
  expect(grub?.title).toBe(`${title} (needs 960 MB of memory)`);
});

test.each([
  ["what iPXE fills in", "a ${b}"],
  ["letters that it cannot show", "é"],
])("a title with %s is refused", async (_, title) => {
  const odd = { name: "odd", title, arguments: [] };
  const recipe = { ...rich, menu: { ...rich.menu, entries: [odd] } };
  await expect(written(recipe)).rejects.toMatchObject({ code: "recipe-invalid" });
});

test("entries called as iPXE's own labels could be do not get in their way", async () => {
  const own = ["start", "failed", "end"].map((name) => ({ name, title: name, arguments: [] }));
  const script = (await written({ ...rich, menu: { ...rich.menu, entries: own } }))("boot.ipxe").toString();
  const labels = [...script.matchAll(/^:(\S+)$/gm)].map(([, label]) => label);
  expect(new Set(labels).size).toBe(labels.length);
});

test.each(themes)("the text menu in the colours of %s has no writing in the colour of its ground", async (theme) => {
  const config = (await written(rich, theme))("pxelinux.cfg/default").toString();
  const colours = [...config.matchAll(/^MENU COLOR \S+ +(?:1;)?3(\d);4(\d) /gm)];
  expect(colours.length).toBeGreaterThan(10);
  expect(colours.filter(([, ink, paper]) => ink === paper)).toEqual([]);
});

test("a menu that waits for ever does so in all of them", async () => {
  const all = await written({ ...rich, menu: { ...rich.menu, timeout: 0 } });
  expect(all("pxelinux.cfg/default").toString()).toMatch(/^TIMEOUT 0$/m);
  expect(all("grub/grub.cfg").toString()).toMatch(/^set timeout=-1$/m);
  expect(all("boot.ipxe").toString()).not.toContain("--timeout 0");
});
