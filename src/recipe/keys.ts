import * as is from "./patterns.ts";
import { archive, mirrors, repositories } from "./keys-archive.ts";
import { console, kernel, keyboard, locale, root, saveCommand, timezone, user } from "./keys-system.ts";
import { budget, checks, installer, media, mediumHooks, menu, squashfs, volume } from "./keys-medium.ts";
import { flag, keys, list, path, text, word, type Value } from "./shape.ts";

const layer = keys({
  about:
    "One layer of the root filesystem: what it adds to those before it. Each becomes a squashfs module of its own.",
  keys: {
    name: text({ about: "Names the layer and its module; unique, and none of base, essential, settings.", ...is.slug }),
    "pre-hooks": list({
      about:
        "Programs run in order before anything of the layer is installed, for instance to answer debconf's questions. Otherwise like `hooks`, but always without a network.",
      example: "[hooks/answer-debconf]",
      item: path({ about: "An executable file.", expects: "program" }),
      most: 100,
    }),
    tasks: list({
      about: "Debian's tasks, installed first and with what they recommend.",
      example: "[task-ssh-server]",
      item: text({ about: "A task.", ...is.task }),
      most: 50,
    }),
    packages: list({
      about: "Packages, installed with what they recommend. A version or a suite may follow the name.",
      example: "[htop, wpasupplicant]",
      item: text({ about: "A package.", ...is.packageName }),
      most: 2000,
    }),
    files: path({
      about:
        "A folder laid over the root after the packages were installed. Everything in it will belong to root and have the build's time; of its modes only whether a file may be executed is kept.",
      example: "overlay/",
      expects: "folder",
      otherwise: "nothing is laid over",
    }),
    hooks: list({
      about:
        "Programs run in order after the files were laid over. Each gets one argument, the root directory, and runs outside of it.",
      example: "[hooks/shorten-boot]",
      item: path({ about: "An executable file.", expects: "program" }),
      most: 100,
    }),
    network: flag({
      about:
        "Let this layer's hooks reach the network. What they fetch is neither checked nor repeatable, and no lock holds it.",
      default: false,
    }),
    budget: text({
      about: "The most bytes of the layer's files, before they are packed. A build that exceeds it fails.",
      example: "1G",
      otherwise: "they may have any size",
      orWhole: true,
      ...is.bytes,
    }),
  },
});

/** Every key of a recipe, described once. */
export const recipeKeys = keys({
  about: "A recipe of Livewright: what a live medium shall contain and how it shall behave.",
  keys: {
    name: text({
      about: "Names the recipe, and with it the files of a build.",
      example: "classroom",
      ...is.recipeName,
    }),
    description: text({
      about: "One line that says what the medium is for.",
      example: "A desk for every pupil",
      otherwise: "nothing is said",
      ...is.description,
    }),
    version: text({ about: "The medium's version, written as text.", default: "1.0", ...is.version }),
    extends: text({
      about:
        "Another recipe to start from: a shipped one by name, or a file seen from this one. Its layers come first; what this recipe says of anything else replaces what that one says.",
      example: "standard",
      otherwise: "the recipe stands alone",
      ...is.parent,
    }),
    suite: text({
      about:
        "Debian's release, by name (bookworm, trixie, forky, sid) or alias (oldstable, stable, testing, unstable).",
      example: "bookworm",
      default: "stable",
      ...is.suite,
    }),
    architecture: word({
      about: "The machines that the medium boots. Only those whose kernel and boot loader are known.",
      of: ["amd64"],
      must: "an architecture whose kernel and boot loader are known",
      default: "amd64",
    }),
    components: list({
      about: "Components of the archive. non-free-firmware joins them when `firmware` is true.",
      item: text({ about: "A component.", ...is.component }),
      most: 10,
      default: ["main"],
    }),
    firmware: flag({
      about: "Carry the firmware of non-free-firmware, as Debian's official media do since 12.",
      default: false,
    }),
    mirrors,
    archive,
    repositories,
    layers: list({
      about: "The recipe's own layers, lowest first. They are appended to those of the recipe it extends.",
      item: layer,
      most: 80,
      appends: true,
    }),
    user,
    root,
    hostname: text({
      about: "The booted system's host name.",
      otherwise: "the recipe's name",
      example: "debian",
      ...is.hostname,
    }),
    locale,
    keyboard,
    timezone,
    kernel,
    console,
    "save-command": saveCommand,
    squashfs,
    budget,
    menu,
    installer,
    media,
    volume,
    "medium-hooks": mediumHooks,
    checks,
  },
});

/** A valid recipe, its extended ones merged in and defaults filled in, in the words of its file. */
export type Wish = Value<typeof recipeKeys>;
