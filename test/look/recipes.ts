import { shipped } from "../../src/command.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";

/** A recipe with everything a menu can show. */
export function richRecipe(change: Partial<Recipe> = {}): Recipe {
  return {
    name: "rich",
    version: "1",
    suite: "bookworm",
    architecture: "amd64",
    components: ["main"],
    firmware: false,
    mirrors: { build: "auto", image: "http://httpredir.debian.org/debian", security: "auto" },
    checkValidUntil: true,
    repositories: [],
    layers: [],
    user: { name: "user", fullname: "Live user", secret: { kind: "password", text: "live" }, sudo: true, groups: [] },
    root: { locked: true },
    hostname: "live",
    locale: "en_US.UTF-8",
    keyboard: { model: "pc105", layout: "us", variant: "", options: "" },
    timezone: "Etc/UTC",
    kernel: { package: "linux-image-amd64", arguments: ["quiet"] },
    console: { serial: "ttyS0,115200" },
    squashfs: { compression: "zstd", level: 9, block: 1048576 },
    menu: {
      theme: shipped("themes/calm"),
      timeout: 10,
      title: "Debian Live 12 Standard",
      offer: [
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
      ],
      languages: [
        { title: "Deutsch", locale: "de_DE.UTF-8", layout: "de" },
        { title: "Español", locale: "es_ES.UTF-8", layout: "es" },
        { title: "Français", locale: "fr_FR.UTF-8", layout: "fr" },
      ],
      entries: [{ name: "kiosk", title: "Kiosk for the lobby", arguments: ["kiosk=1"] }],
    },
    installer: {
      kind: "debian-installer",
      graphical: true,
      text: true,
      speech: true,
      preseed: shipped("preseed.cfg"),
      source: "package",
    },
    volume: "RICH",
    mediumHooks: [],
    checks: [],
    ...change,
  };
}

export const memtest = { bios: "/boot/memtest86+x64.bin", efi: "/boot/memtest86+x64.efi" };
export const marker = "/.disk/livewright-0123456789abcdef";
