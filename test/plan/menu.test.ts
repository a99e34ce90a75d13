import { expect, test } from "vitest";
import { offered, type Entry, type LinuxEntry } from "../../src/medium.ts";
import { menuOf } from "../../src/plan/media/menu.ts";
import { entryFamilies } from "../../src/recipe/recipe.ts";
import { memtest, richRecipe } from "../look/recipes.ts";

const rich = richRecipe();
const all = (entries: readonly Entry[]): readonly Entry[] =>
  entries.flatMap((entry) => (entry.do === "menu" ? [entry, ...all(entry.entries)] : [entry]));

function linux(name: string, recipe = rich): LinuxEntry {
  const found = all(menuOf(recipe, { memtest }).entries).find((entry) => entry.name === name);
  if (found?.do !== "linux") throw new Error(`${name} is not offered`);
  return found;
}

test("a rich menu reads like this", () => {
  const shape = (entries: readonly Entry[]): unknown =>
    entries.map((entry) => (entry.do === "menu" ? { [entry.name]: shape(entry.entries) } : entry.name));
  expect(shape(menuOf(rich, { memtest }).entries)).toEqual([
    "live",
    "live-failsafe",
    "live-toram",
    "live-persistence",
    "live-serial",
    "kiosk",
    { languages: ["live-de_DE", "live-es_ES", "live-fr_FR"] },
    {
      install: [
        "install-graphical",
        "install-text",
        "install-speech",
        "install-automated",
        "install-expert",
        "install-rescue",
      ],
    },
    { utilities: ["media-check", "local-disk", "firmware-settings", "memtest"] },
  ]);
});

test("the default entry leaves out exactly the work that the build has done", () => {
  expect(linux("live").arguments).toEqual(["boot=live", "components", "quiet"]);
});

test("a language entry asks live-config for language and keyboard, and for nothing else", () => {
  expect(linux("live-de_DE").arguments).toEqual([
    "boot=live",
    "components",
    "quiet",
    "locales=de_DE.UTF-8",
    "keyboard-layouts=de",
  ]);
});

test("live-config hears of a user that is not called user", () => {
  const recipe = richRecipe({ user: { ...rich.user, name: "guest" } });
  expect(linux("live", recipe).arguments).toContain("username=guest");
});

test.each(["live-failsafe", "live-serial", "media-check"])("%s hides no messages", (name) => {
  expect(linux(name).arguments).not.toContain("quiet");
});

test.each(["live", "live-toram", "live-persistence", "kiosk"])("%s keeps the recipe's kernel arguments", (name) => {
  expect(linux(name).arguments).toContain("quiet");
});

test("only the serial entry has the kernel speak on the serial line", () => {
  const speaking = all(menuOf(rich, { memtest }).entries).filter(
    (entry) => entry.do === "linux" && entry.arguments.some((argument) => argument.startsWith("console=")),
  );
  expect(speaking.map(({ name }) => name)).toEqual(["live-serial"]);
  expect(linux("live-serial").arguments.slice(-2)).toEqual(["console=tty0", "console=ttyS0,115200"]);
});

test("the media check says that it restarts the computer", () => {
  expect(linux("media-check").arguments).toContain("verify-checksums");
  expect(linux("media-check").help).toMatch(/restarts/);
});

test("the automated installation warns, and reads its answers from the initrd", () => {
  expect(linux("install-automated")).toMatchObject({
    initrd: "/install/preseed-initrd.gz",
    arguments: expect.arrayContaining(["auto=true", "priority=critical", "preseed/file=/preseed.cfg"]) as unknown,
    help: expect.stringContaining("ERASE") as unknown,
  });
});

test("installing with speech starts the initrd that has the speech synthesis", () => {
  expect(linux("install-speech")).toMatchObject({ kernel: "/install/gtk/vmlinuz", initrd: "/install/gtk/initrd.gz" });
  expect(linux("install-speech").arguments).toContain("speakup.synth=soft");
});

test("an installer without a preseed file has no automated entry", () => {
  const recipe = richRecipe({
    installer: { kind: "debian-installer", graphical: false, text: true, speech: false, source: "package" },
  });
  const names = all(menuOf(recipe, { memtest }).entries).map(({ name }) => name);
  expect(names.filter((name) => name.startsWith("install-"))).toEqual([
    "install-text",
    "install-expert",
    "install-rescue",
  ]);
});

test.each(entryFamilies.filter((family) => family !== "live"))("without %s its entries are gone", (family) => {
  const offer = entryFamilies.filter((other) => other !== family);
  const less = all(menuOf(richRecipe({ menu: { ...rich.menu, offer } }), { memtest }).entries);
  expect(less.length).toBeLessThan(all(menuOf(rich, { memtest }).entries).length);
});

test("a memory test is shown where the firmware will start it, and never under Secure Boot", () => {
  const { entries } = menuOf(rich, { memtest: { efi: memtest.efi } });
  const names = (firmware: "bios" | "uefi" | "secure-boot"): readonly string[] =>
    all(offered(entries, firmware)).map(({ name }) => name);
  expect(names("bios")).not.toContain("memtest");
  expect(names("bios")).not.toContain("firmware-settings");
  expect(names("uefi")).toEqual(expect.arrayContaining(["memtest", "firmware-settings"]));
  expect(names("secure-boot")).not.toContain("memtest");
});

test.each([
  ["a name that is taken", [{ name: "live", title: "Mine", arguments: [] }], /"live" stands for more than one entry/],
  ["a name of two words", [{ name: "my own", title: "Mine", arguments: [] }], /"my own" must be one plain word/],
])("an entry with %s is refused", (_, entries, message) => {
  expect(() => menuOf(richRecipe({ menu: { ...rich.menu, entries } }))).toThrow(message);
});

test("a menu that starts nothing is refused", () => {
  const menu = { ...rich.menu, offer: [], entries: [] };
  expect(() => menuOf(richRecipe({ menu }))).toThrow(/no entry starts a system/);
});
