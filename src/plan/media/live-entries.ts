import type { Entry, LinuxEntry } from "../../medium.ts";
import type { Language, OwnEntry, Recipe } from "../../recipe/recipe.ts";

/** Where the live system's kernel and initramfs lie on the medium. */
export const liveKernel = { kernel: "/live/vmlinuz", initrd: "/live/initrd.img" } as const;

/** Hide the kernel's messages. Entries for finding out what is wrong leave them on. */
const quieting: readonly string[] = ["quiet", "splash"];

/** The ways to start the live system. */
export const live = {
  plain: (recipe: Recipe): LinuxEntry => entry(recipe, { name: "live", title: "Start the live system" }),

  failsafe: (recipe: Recipe): LinuxEntry =>
    entry(
      recipe,
      {
        name: "live-failsafe",
        title: "Start with safe settings",
        help: "For screens that stay dark and computers that hang: plain graphics, all messages shown.",
      },
      { loud: ["nomodeset", "nomce", "pcie_aspm=off", "nosplash"] },
    ),

  toRam: (recipe: Recipe): LinuxEntry =>
    entry(
      recipe,
      {
        name: "live-toram",
        title: "Start from memory",
        help: "Copies the medium to memory first. It can be taken out afterwards.",
      },
      { add: ["toram"] },
    ),

  persistent: (recipe: Recipe): LinuxEntry =>
    entry(
      recipe,
      {
        name: "live-persistence",
        title: "Start and keep changes",
        help: 'Your changes stay on a partition labelled "persistence", if there is one.',
      },
      { add: ["persistence"] },
    ),

  serial: (recipe: Recipe, line: string): LinuxEntry =>
    entry(
      recipe,
      {
        name: "live-serial",
        title: "Start with a serial console",
        help: `Shows all messages and a login on ${line.split(",")[0] ?? line}, and on the screen.`,
      },
      { loud: ["console=tty0", `console=${line}`] },
    ),

  mediaCheck: (recipe: Recipe): LinuxEntry =>
    entry(
      recipe,
      {
        name: "media-check",
        title: "Check this medium for errors",
        help: "Reads all of it. If it is sound the computer restarts; if not, it stops and says what is wrong.",
      },
      { loud: ["verify-checksums"] },
    ),

  own: (recipe: Recipe, { name, title, arguments: add }: OwnEntry): LinuxEntry =>
    entry(recipe, { name, title }, { add }),
};

/** One entry a language; absent when the recipe offers none. */
export function languageMenu(recipe: Recipe): Entry | undefined {
  const { languages } = recipe.menu;
  if (languages.length === 0) return undefined;
  return {
    do: "menu",
    name: "languages",
    title: "Start in another language",
    entries: languages.map((language) => inLanguage(recipe, language)),
  };
}

function inLanguage(recipe: Recipe, { title, locale, layout }: Language): LinuxEntry {
  const add = [`locales=${locale}`, `keyboard-layouts=${layout}`];
  return entry(recipe, { name: `live-${locale.replace(/\..*/, "")}`, title }, { add });
}

interface Wish {
  /** Further kernel arguments. */
  readonly add?: readonly string[];
  /** Further kernel arguments of an entry that hides no messages. */
  readonly loud?: readonly string[];
}

type Saying = Pick<LinuxEntry, "name" | "title" | "help">;

function entry(recipe: Recipe, saying: Saying, { add = [], loud }: Wish = {}): LinuxEntry {
  const given = recipe.kernel.arguments.filter((argument) => loud === undefined || !quieting.includes(argument));
  return {
    do: "linux",
    ...saying,
    kind: "live",
    ...liveKernel,
    // `boot=live` is also what starts live-config. What it need not do is told in the image, by `hooks/settings`.
    arguments: ["boot=live", "components", ...knownAs(recipe), ...given, ...add, ...(loud ?? [])],
  };
}

/** Further components, such as those for display managers, take the user to be called "user" unless told. */
const knownAs = ({ user }: Recipe): readonly string[] => (user.name === "user" ? [] : [`username=${user.name}`]);
