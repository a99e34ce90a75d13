import { normalize } from "node:path/posix";
import { shipped, source, type SourcePlace } from "../command.ts";
import { packing } from "./compression.ts";
import type { Wish } from "./keys.ts";
import type { Installer, Layer, Recipe, Secret, Squashfs } from "./recipe.ts";
import { codenameOf } from "./suites.ts";
import { nearest, type Node, type Way } from "./tree.ts";

/** Debian's own redirector, which sends a booted system to a mirror near it. */
const debianMirror = "http://httpredir.debian.org/debian";

/** A valid wish as the program uses it: aliases resolved, what follows from other keys filled in, paths as places. */
export function decode(wish: Wish, tree: Node): Recipe {
  const { archive } = wish;
  const place = placer(tree);
  const suite = archive?.url === undefined ? (codenameOf(wish.suite) ?? wish.suite) : wish.suite;
  const { serial } = wish.console;
  return {
    name: wish.name,
    ...(wish.description !== undefined && { description: wish.description }),
    version: wish.version,
    suite,
    architecture: wish.architecture,
    components: withFirmware(wish),
    firmware: wish.firmware,
    mirrors: { ...wish.mirrors, image: wish.mirrors.image ?? archive?.url ?? debianMirror },
    ...(archive?.url !== undefined &&
      archive.keyring !== undefined && {
        archive: {
          url: archive.url,
          keyring: place(["archive", "keyring"], archive.keyring),
          suite: archive.suite ?? wish.suite,
        },
      }),
    checkValidUntil: archive?.["check-valid-until"] ?? true,
    repositories: wish.repositories.map(({ key, ...repository }, at) => ({
      ...repository,
      suite: repository.suite ?? suite,
      key: place(["repositories", at, "key"], key),
    })),
    layers: wish.layers.map((layer, at) => decodeLayer(layer, ["layers", at], place)),
    user: {
      name: wish.user.name,
      fullname: wish.user.fullname,
      secret: secretOf(wish.user) ?? { kind: "password", text: "live" },
      sudo: wish.user.sudo,
      groups: wish.user.groups,
    },
    root: rootOf(wish.root),
    hostname: wish.hostname ?? wish.name,
    locale: wish.locale,
    keyboard: wish.keyboard,
    timezone: wish.timezone,
    kernel: wish.kernel,
    console: serial === "none" ? {} : { serial },
    ...(wish["save-command"] && { saveCommand: true as const }),
    squashfs: decodeSquashfs(wish.squashfs),
    budget: Object.fromEntries(Object.entries(wish.budget).map(([of, most]) => [of, bytesOf(most)])),
    menu: {
      ...wish.menu,
      theme: themeOf(wish.menu.theme, place),
      title: wish.menu.title ?? `${wish.name} ${wish.version} (${suite})`.slice(0, 60),
    },
    installer: decodeInstaller(wish.installer, place),
    media: wish.media,
    volume: wish.volume ?? volumeOf(`${wish.name}_${suite}`),
    mediumHooks: wish["medium-hooks"].map((hook, at) => place(["medium-hooks", at], hook)),
    checks: wish.checks,
  };
}

/** Make a place of a path, seen from the folder of the recipe that says it. */
type Placer = (way: Way, path: string) => SourcePlace;

export const placer =
  (tree: Node): Placer =>
  (way, path) =>
    source(nearest(tree, way).spot.root, tidy(path));

const tidy = (path: string): string => normalize(path).replace(/(.)\/$/u, "$1");

const withFirmware = ({ components, firmware }: Wish): readonly string[] =>
  firmware && !components.includes("non-free-firmware") ? [...components, "non-free-firmware"] : components;

function decodeLayer(
  { files, budget, "pre-hooks": preHooks, ...layer }: Wish["layers"][number],
  way: Way,
  place: Placer,
): Layer {
  return {
    ...layer,
    ...(files !== undefined && { files: place([...way, "files"], files) }),
    ...(budget !== undefined && { budget: bytesOf(budget) }),
    preHooks: preHooks.map((hook, at) => place([...way, "pre-hooks", at], hook)),
    hooks: layer.hooks.map((hook, at) => place([...way, "hooks", at], hook)),
  };
}

interface Secrets {
  readonly password?: string;
  readonly "password-hash"?: string;
}

function secretOf(account: Secrets): Secret | undefined {
  const { password, "password-hash": hash } = account;
  if (hash !== undefined) return { kind: "hash", text: hash };
  return password === undefined ? undefined : { kind: "password", text: password };
}

function rootOf(root: Wish["root"]): Recipe["root"] {
  const secret = secretOf(root);
  return secret === undefined ? { locked: true } : { locked: false, secret };
}

function decodeSquashfs({ modules, block, dictionary, ...wanted }: Wish["squashfs"]): Squashfs {
  const bytes = (text: string | number | undefined): number | undefined =>
    text === undefined ? undefined : bytesOf(text);
  return { modules, ...packing({ ...wanted, block: bytes(block), dictionary: bytes(dictionary) }) };
}

/** 128K, 1M, 3G or a number of bytes. */
export function bytesOf(block: string | number): number {
  const [, count, unit] = /^(\d+)([KMG])$/u.exec(String(block)) ?? [];
  return count === undefined ? Number(block) : Number(count) * 1024 ** ("KMG".indexOf(unit ?? "") + 1);
}

/** A bare word is a theme that ships; with a slash it is a folder of the recipe's. */
export const themeOf = (theme: string, place: Placer): SourcePlace =>
  theme.includes("/") ? place(["menu", "theme"], theme) : shipped(`themes/${theme}`);

function decodeInstaller(installer: Wish["installer"], place: Placer): Installer {
  const { kind, preseed, ...rest } = installer;
  if (kind === "none") return { kind };
  return { kind, ...rest, ...(preseed !== undefined && { preseed: place(["installer", "preseed"], preseed) }) };
}

const volumeOf = (text: string): string =>
  text
    .toUpperCase()
    .replaceAll(/[^A-Z0-9_]+/gu, "_")
    .slice(0, 32);
