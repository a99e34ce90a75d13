import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Menu } from "../medium.ts";
import { grubScripts } from "./grub.ts";
import { grubThemes } from "./grub-theme.ts";
import { isolinuxConfig } from "./isolinux.ts";
import type { Look, MenuFile } from "./look.ts";
import { loadTheme } from "./theme.ts";

export interface Dressing {
  readonly menu: Menu;
  /** The theme's folder. */
  readonly theme: string;
  /** Folders of the menus' templates. */
  readonly isolinux: string;
  readonly grub: string;
  /** Absolute path on the medium of the file that no other build's medium has. */
  readonly marker: string;
  /** The medium's tree, to write into. */
  readonly tree: string;
  readonly signal: AbortSignal;
}

/** Write both menus. */
export async function dress({ tree, signal, ...wish }: Dressing): Promise<void> {
  const theme = await loadTheme(wish.theme);
  const look = { theme, folders: { isolinux: wish.isolinux, grub: wish.grub }, menu: wish.menu, marker: wish.marker };
  await lay(await menuTexts(look), { tree, signal });
}

/** What both boot loaders read. */
export const menuTexts = async (look: Look): Promise<readonly MenuFile[]> => [
  await isolinuxConfig(look),
  ...(await grubScripts(look)),
  ...(await grubThemes(look)),
];

/** Write files into a medium's tree. */
export async function lay(
  files: readonly MenuFile[],
  { tree, signal }: { readonly tree: string; readonly signal: AbortSignal },
): Promise<void> {
  for (const { path, content } of files) {
    signal.throwIfAborted();
    await mkdir(dirname(join(tree, path)), { recursive: true });
    await writeFile(join(tree, path), content);
  }
}
