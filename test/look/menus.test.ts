import { expect, test } from "vitest";
import type { Failure } from "../../src/failure.ts";
import { offered } from "../../src/medium.ts";
import { menuOf } from "../../src/plan/media/menu.ts";
import { written } from "./folder.ts";
import { expected, seenByGrub, seenByIsolinux } from "./readers.ts";
import { marker, memtest, richRecipe } from "./recipes.ts";

const rich = richRecipe();
const menu = menuOf(rich, { memtest });
const environments = {
  uefi: { grub_platform: "efi" },
  "secure-boot": { grub_platform: "efi", lockdown: "y" },
} as const;

test("isolinux' menu offers what the list of entries says, in its order", async () => {
  const seen = seenByIsolinux((await written(rich)).bios);
  expect(seen.title).toBe(menu.title);
  expect(seen.entries).toEqual(expected(offered(menu.entries, "bios"), "bios"));
});

test.each(["uefi", "secure-boot"] as const)("GRUB's menu offers the same under %s", async (firmware) => {
  const seen = seenByGrub((await written(rich)).grub("grub.cfg"), environments[firmware]);
  expect(seen).toEqual(expected(offered(menu.entries, firmware), "uefi"));
});

test("a GRUB that a BIOS started offers what isolinux offers", async () => {
  const seen = seenByGrub((await written(rich)).grub("grub.cfg"), { grub_platform: "pc" });
  expect(seen).toEqual(expected(offered(menu.entries, "bios"), "bios"));
});

test("titles and arguments full of other languages' signs mean themselves in both menus", async () => {
  const title = `It's "x" \\ $(y) \`z\`; #&<>% %d {a} é`;
  const odd = { name: "odd", title, arguments: ["a=$x`b`", "dyndbg=file a.c +p", "c=;#&<>%(){}|*?!~^@,[]"] };
  const recipe = richRecipe({ menu: { ...rich.menu, title, entries: [odd] } });
  const { bios, grub } = await written(recipe);
  const wanted = expected(menuOf(recipe, { memtest }).entries, "bios").filter(({ name }) => name === "odd");
  expect(seenByIsolinux(bios).title).toBe(title);
  expect(seenByIsolinux(bios).entries.filter(({ name }) => name === "odd")).toEqual(wanted);
  const seen = seenByGrub(grub("grub.cfg"), environments.uefi);
  expect(seen.filter(({ name }) => name === "odd")).toEqual(wanted);
});

test.each([
  ["a line break", "two\nlines"],
  ["a hot key's mark", "x^2"],
  ["letters that a BIOS screen lacks", "Русский"],
  ["the end of a help text", "ENDTEXT"],
  ["more than the panel shows", "x".repeat(45)],
])("a title with %s is refused, not cut or changed", async (_, title) => {
  const recipe = richRecipe({ menu: { ...rich.menu, entries: [{ name: "odd", title, arguments: [] }] } });
  await expect(written(recipe)).rejects.toMatchObject({ code: "recipe-invalid" } satisfies Partial<Failure>);
});

test.each([["a\\b"], ['a="b'], ["a='b'"], ["a\nb"], [""], ["é"], ["x".repeat(1800)]])(
  "the kernel argument %j is refused, since a boot loader would change it",
  async (argument) => {
    const odd = { name: "odd", title: "Odd", arguments: [argument] };
    const recipe = richRecipe({ menu: { ...rich.menu, entries: [odd] } });
    await expect(written(recipe)).rejects.toMatchObject({ code: "recipe-invalid" });
  },
);

test.each([
  ["the medium is found", "esp-grub.cfg"],
  ["an ISO on another disk finds itself", "loopback.cfg"],
])("%s by the marker that only this build has", async (_, name) => {
  expect((await written(rich)).grub(name)).toContain(`search --no-floppy --set=root --file '${marker}'`);
});

test("only live entries look for the ISO that they came from", async () => {
  const lines = (await written(rich)).grub("grub.cfg").match(/^ *linux .*/gm) ?? [];
  expect(lines.length).toBeGreaterThan(10);
  for (const line of lines) expect(line.includes(" $findiso")).toBe(line.includes("'boot=live'"));
});

test("a menu without a timeout waits for ever in both", async () => {
  const { bios, grub } = await written(richRecipe({ menu: { ...rich.menu, timeout: 0 } }));
  expect(bios.toString("latin1")).toMatch(/^TIMEOUT 0$/m);
  expect(grub("grub.cfg")).toMatch(/^set timeout=-1$/m);
});

test.each([
  [{ serial: "ttyS1,57600n8" }, "SERIAL 1 57600\n", "serial --unit=1 --speed=57600;"],
  [{ serial: "ttyS0,115200" }, "SERIAL 0 115200\n", "serial --unit=0 --speed=115200;"],
])("menus speak on a serial line: %o", async (console, bios, grub) => {
  const menus = await written(richRecipe({ console }));
  expect(menus.bios.toString("latin1").startsWith(bios)).toBe(true); // It must be the first line.
  expect(menus.grub("grub.cfg")).toContain(grub);
});

test.each([[{}], [{ serial: "hvc0" }]])("menus leave lines alone that they cannot drive: %o", async (console) => {
  const menus = await written(richRecipe({ console }));
  expect(menus.bios.toString("latin1")).not.toMatch(/^SERIAL/m);
  expect(menus.grub("grub.cfg")).not.toContain("serial --unit");
});

test("help is never wider than isolinux' screen", async () => {
  const lines = (await written(rich)).bios.toString("latin1").split("\n");
  const help = lines.filter((line) => line.startsWith("     "));
  expect(help.length).toBeGreaterThan(10);
  expect(Math.max(...help.map(({ length }) => length))).toBeLessThanOrEqual(78);
});
