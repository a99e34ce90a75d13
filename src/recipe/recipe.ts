import type { SourcePlace } from "../command.ts";

/** What a person asks for, decoded and with every default filled in. */
export interface Recipe {
  readonly name: string;
  /** One line that says what the medium is for. */
  readonly description?: string;
  readonly version: string;
  readonly suite: string;
  readonly architecture: "amd64";
  readonly components: readonly string[];
  /** Carry the packages of non-free-firmware, as Debian's official media do since 12. */
  readonly firmware: boolean;
  readonly mirrors: Mirrors;
  /** Another signed archive to bootstrap from (derivatives). */
  readonly archive?: Archive;
  /** Refuse an archive whose Release file has expired. */
  readonly checkValidUntil: boolean;
  readonly repositories: readonly Repository[];
  /** The recipe's own layers, lowest first; the plan frames them with base, essential and settings. */
  readonly layers: readonly Layer[];
  readonly user: User;
  readonly root: { readonly locked: true } | { readonly locked: false; readonly secret: Secret };
  readonly hostname: string;
  readonly locale: string;
  readonly keyboard: Keyboard;
  readonly timezone: string;
  readonly kernel: Kernel;
  /** Serial console as the kernel's `console=` wants it, such as "ttyS0,115200". */
  readonly console: { readonly serial?: string };
  /** Carry livewright-save, with which a running system is saved as a module. */
  readonly saveCommand?: true;
  readonly squashfs: Squashfs;
  /** Bytes that the ISO, and the files of its root filesystem before packing, may have. */
  readonly budget: { readonly iso?: number; readonly root?: number };
  readonly menu: MenuWish;
  readonly installer: Installer;
  /** What is made of the finished system, each kind at most once. */
  readonly media: readonly Medium[];
  /** ISO 9660 volume id: at most 32 characters of A-Z, 0-9 and _. */
  readonly volume: string;
  /** Run with the ISO's tree as their one argument, before checksums are made. */
  readonly mediumHooks: readonly SourcePlace[];
  /** Shell commands the boot test runs in the booted guest; each must exit 0. */
  readonly checks: readonly string[];
}

export interface Mirrors {
  /** "auto" takes the host's configured mirror. */
  readonly build: string;
  /** What the booted system's apt uses. */
  readonly image: string;
  readonly security: string;
}

export interface Archive {
  readonly url: string;
  readonly keyring: SourcePlace;
  readonly suite: string;
}

export interface Repository {
  readonly name: string;
  readonly url: string;
  readonly suite: string;
  readonly components: readonly string[];
  /** Its signing key, an ASCII-armoured or binary OpenPGP file. */
  readonly key: SourcePlace;
}

export interface Layer {
  readonly name: string;
  /** Run before anything is installed. */
  readonly preHooks: readonly SourcePlace[];
  readonly tasks: readonly string[];
  readonly packages: readonly string[];
  /** A folder laid over the root, owned by root. */
  readonly files?: SourcePlace;
  readonly hooks: readonly SourcePlace[];
  /** Hooks reach the network. Such a layer cannot be locked. */
  readonly network: boolean;
  /** Bytes that the layer's files may have, before packing. */
  readonly budget?: number;
}

export type Secret =
  | { readonly kind: "password"; readonly text: string }
  /** crypt(5) hash, as in /etc/shadow. */
  | { readonly kind: "hash"; readonly text: string };

export interface User {
  readonly name: string;
  readonly fullname: string;
  readonly secret: Secret;
  readonly sudo: boolean;
  readonly groups: readonly string[];
}

export interface Keyboard {
  readonly model: string;
  readonly layout: string;
  readonly variant: string;
  readonly options: string;
}

export interface Kernel {
  readonly package: string;
  readonly arguments: readonly string[];
}

export interface Squashfs {
  /** Each layer a module of its own, or all joined into one. */
  readonly modules: "layers" | "single";
  readonly compression: "zstd" | "xz" | "gzip" | "lz4" | "lzo";
  readonly level?: number;
  /** Bytes, a power of two from 4 KiB to 1 MiB. */
  readonly block: number;
  /** Bytes, for xz only. */
  readonly dictionary?: number;
}

export interface MenuWish {
  /** A shipped theme's name, or a folder of the recipe's. */
  readonly theme: SourcePlace;
  /** Seconds until the first entry starts; 0 waits for ever. */
  readonly timeout: number;
  readonly title: string;
  /** Which families of entries are offered. */
  readonly offer: readonly EntryFamily[];
  readonly languages: readonly Language[];
  /** The recipe's own entries, started with the live kernel. */
  readonly entries: readonly OwnEntry[];
}

export const entryFamilies = [
  "live",
  "failsafe",
  "toram",
  "persistence",
  "serial",
  "languages",
  "installer",
  "memtest",
  "firmware-settings",
  "local-disk",
  "media-check",
] as const;
export type EntryFamily = (typeof entryFamilies)[number];

export interface Language {
  /** As people who read it call it, in ASCII-safe spelling for text menus. */
  readonly title: string;
  readonly locale: string;
  readonly layout: string;
}

export interface OwnEntry {
  readonly name: string;
  readonly title: string;
  readonly arguments: readonly string[];
}

export const mediumKinds = ["iso", "netboot"] as const;
export interface Medium {
  readonly kind: (typeof mediumKinds)[number];
}

export type Installer =
  | { readonly kind: "none" }
  | {
      readonly kind: "debian-installer";
      readonly graphical: boolean;
      readonly text: boolean;
      readonly speech: boolean;
      readonly preseed?: SourcePlace;
      readonly source: "package" | "mirror";
    };
