import type { Menu } from "../medium.ts";
import type { Theme } from "./theme.ts";

/** What a menu is made of. */
export interface Look {
  readonly menu: Menu;
  readonly theme: Theme;
  readonly folders: { readonly isolinux: string; readonly grub: string };
  readonly marker: string;
}

export interface MenuFile {
  /** In the medium's tree. */
  readonly path: string;
  readonly content: string | Buffer;
}
