import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Menu } from "../medium.ts";
import { grubFiles } from "./grub.ts";
import { isolinuxFiles } from "./isolinux.ts";
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

/** Write both menus with their pictures, and the small `boot/grub/esp-grub.cfg` that belongs into the ESP. */
export async function dress({ tree, signal, ...wish }: Dressing): Promise<void> {
  const theme = await loadTheme(wish.theme);
  const folders = { isolinux: wish.isolinux, grub: wish.grub };
  for (const files of [isolinuxFiles, grubFiles]) {
    signal.throwIfAborted();
    for (const { path, content } of await files({ theme, folders, menu: wish.menu, marker: wish.marker })) {
      signal.throwIfAborted();
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), content);
    }
  }
}
