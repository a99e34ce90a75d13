import { from, scratch, shipped } from "../../command.ts";
import { recordPath } from "../../medium.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { offline } from "../packages.ts";
import { wantedIn } from "../places.ts";
import type { Facts } from "../facts.ts";
import { run, type PlannedStage, type Stage, type Step } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { copy, packed, tree, write } from "./laying.ts";
import { liveDigests, liveFiles, liveParts, type Carrying } from "./live-files.ts";
import { menuOf } from "./menu.ts";
import { provenance } from "./provenance.ts";
import { saysOfItself, type Origin } from "./says.ts";

/** Files that the ISO writer patches (`-boot-info-table`) or makes, so that no checksum list names them. */
export const patchedFiles = ["isolinux/isolinux.bin", "isolinux/boot.cat"] as const;

/** The medium's tree, complete but for the ISO 9660 filesystem around it. */
export function medium(recipe: Recipe, origin: Origin, { facts, identity, built }: Built): Stage {
  const carried = recipe.mediumHooks.length === 0 ? "link" : "copy";
  const menu = menuOf(recipe, { memtest: { bios: "/boot/memtest.bin", efi: "/boot/memtest.efi" } });
  return {
    name: "medium",
    revision: 1,
    bytes: 700e6,
    steps: [
      ...liveFiles(recipe, identity, carried),
      ...loaderFiles(carried),
      ...pictureFiles,
      ...lists(recipe),
      ...installerFiles(recipe, facts),
      {
        do: "dress",
        menu,
        theme: recipe.menu.theme,
        isolinux: shipped("isolinux"),
        grub: shipped("grub-efi"),
        marker: identity.marker,
        tree: tree(),
      },
      {
        do: "record",
        record: saysOfItself(recipe, { menu, identity, origin, patched: patchedFiles }),
        kernel: from("initramfs", "release"),
        to: tree(recordPath),
      },
      ...recipe.mediumHooks.map((place) => run({ tool: "env", args: [place, tree()] }, { in: offline(recipe, []) })),
      {
        do: "provenance",
        provenance: provenance(recipe, origin, { built, facts }),
        suite: recipe.suite,
        wanted: wantedIn(built),
        files: [...liveParts(recipe, knownDigests(recipe)), { name: "ESP", file: from("esp", "esp.img") }],
        sizes: from("sizes", "sizes.json"),
        to: tree(".disk/provenance.json"),
      },
      { do: "checksums", tree: tree(), except: patchedFiles, known: knownDigests(recipe) },
    ],
  };
}

/** What a medium is made of, and from which facts. */
export interface Built {
  readonly facts: Facts;
  readonly identity: Identity;
  readonly built: readonly PlannedStage[];
}

/** What is large is on the medium as it lies in the cache, unless a hook may write to it. */
const knownDigests = (recipe: Recipe): ReturnType<typeof liveDigests> =>
  recipe.mediumHooks.length > 0 ? {} : liveDigests(recipe);

const loaderFiles = (by: Carrying): readonly Step[] => [
  { do: by, from: from("loaders", "files/efi"), to: tree("EFI/boot") },
  copy(from("loaders", "files/isolinux"), "isolinux"),
  copy(from("loaders", "files/memtest"), "boot"),
  copy(from("loaders", "files/fonts"), "boot/grub/fonts"),
  copy(from("esp", "grub.cfg"), "boot/grub/esp-grub.cfg"),
];

const pictureFiles: readonly Step[] = [
  copy(from("pictures", "files/isolinux/splash.png"), "isolinux/splash.png"),
  copy(from("pictures", "files/boot/grub/theme"), "boot/grub/theme"),
];

function installerFiles(recipe: Recipe, facts: Facts): readonly Step[] {
  const { installer } = recipe;
  if (installer.kind === "none") return [];
  const carried = copy(from("installer", "files"), "install");
  if (installer.preseed === undefined) return [carried];
  return [
    carried,
    { do: "copy", from: installer.preseed, to: scratch("preseed/preseed.cfg") },
    packed("preseed", scratch("preseed.cpio"), facts, recipe),
    {
      do: "concatenate",
      files: [from("installer", "files/initrd.gz"), scratch("preseed.cpio")],
      to: tree("install/preseed-initrd.gz"),
    },
  ];
}

const lists = (recipe: Recipe): readonly Step[] => [
  copy(from("inventory", "packages"), "live/filesystem.packages"),
  copy(from("inventory", "size"), "live/filesystem.size"),
  write(".disk/info", `${recipe.menu.title} ${recipe.version} (${recipe.suite}, ${recipe.architecture})\n`),
  write(".disk/cd_type", "live\n"),
];
