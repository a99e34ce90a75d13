import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { dress, lay, menuTexts } from "../../src/look/dress.ts";
import { seekingScript } from "../../src/look/grub.ts";
import type { MenuFile } from "../../src/look/look.ts";
import { paint } from "../../src/look/paint.ts";
import { loadTheme } from "../../src/look/theme.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { menuOf } from "../../src/plan/media/menu.ts";
import { marker, memtest } from "./recipes.ts";

export const checkout = fileURLToPath(new URL("../../", import.meta.url));
export const themes = ["calm", "contrast"] as const;
export const themeFolder = (name: string): string => join(checkout, "themes", name);

/** A folder that is gone with its scope. */
export async function folder(): Promise<{ readonly path: string } & AsyncDisposable> {
  const path = await mkdtemp(join(tmpdir(), "livewright look "));
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) };
}

const templates = { isolinux: join(checkout, "isolinux"), grub: join(checkout, "grub-efi") };

/** A medium's tree with nothing but the menus of a recipe, and their pictures. */
export async function dressed(recipe: Recipe, tree: string, theme: string = themeFolder("calm")): Promise<void> {
  const { signal } = new AbortController();
  await paint({ theme, tree, signal });
  await dress({ menu: menuOf(recipe, { memtest }), theme, ...templates, marker, tree, signal });
  await lay([await seeking()], { tree, signal });
}

/** As the plan copies it there. */
const seeking = async (): Promise<MenuFile> => ({
  path: "boot/grub/esp-grub.cfg",
  content: await seekingScript(templates.grub, marker),
});

/** The texts of a recipe's menus by their paths on the medium. */
export async function written(
  recipe: Recipe,
): Promise<{ readonly bios: Buffer; readonly grub: (name: string) => string }> {
  const look = {
    menu: menuOf(recipe, { memtest }),
    theme: await loadTheme(themeFolder("calm")),
    folders: templates,
    marker,
  };
  const texts = [...(await menuTexts(look)), await seeking()];
  const files = new Map(texts.map(({ path, content }) => [path, Buffer.from(content)]));
  const file = (path: string): Buffer => {
    const found = files.get(path);
    if (found === undefined) throw new Error(`${path} was not written`);
    return found;
  };
  return { bios: file("isolinux/isolinux.cfg"), grub: (name) => file(`boot/grub/${name}`).toString("utf8") };
}
