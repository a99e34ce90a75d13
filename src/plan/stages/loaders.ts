import { from, output, scratch, shared } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { libraryHook } from "../../tools/hook.ts";
import { layerStage } from "../layers.ts";
import { archivesReached, fetching, rootKeys, writeSources } from "../packages.ts";
import { ownKeys } from "../sources.ts";
import { rootPath, run, type Facts, type Stage } from "../stage.ts";

/** Boot loaders by package, from the recipe's suite: what they are compiled from is then what apt verified there. */
export const loaderPackages = [
  "isolinux",
  "syslinux-common",
  "shim-signed",
  "shim-helpers-amd64-signed",
  "grub-efi-amd64-signed",
  "grub-efi-ia32-bin",
  "grub-pc-bin",
  "grub-common",
  "memtest86+",
] as const;

export const loaders = (recipe: Recipe, facts: Facts): Stage => extracted(recipe, facts, "loaders", loaderPackages);

/** debian-installer's kernel and initrds, from the ordinary package that carries them. */
export const installer = (recipe: Recipe, facts: Facts): Stage =>
  extracted(recipe, facts, "installer", [
    `debian-installer-${facts.archive.release ?? "13"}-netboot-${recipe.architecture}`,
  ]);

/** Packages unpacked, not installed, over the base layer, and what the hook of the stage's name takes out of them. */
const extracted = (recipe: Recipe, { archive }: Facts, name: string, packages: readonly string[]): Stage => ({
  name,
  revision: 1,
  reaches: archivesReached(archive),
  bytes: 400e6,
  steps: [
    ...writeSources(recipe, archive, rootKeys),
    run(
      libraryHook(name, rootPath, {
        LIVEWRIGHT_SOURCES: scratch("build.sources"),
        LIVEWRIGHT_ARCHIVES: shared("packages"),
        LIVEWRIGHT_UNPACK: packages.join(" "),
        LIVEWRIGHT_OUT: output("."),
        ...(ownKeys(recipe).length > 0 ? { LIVEWRIGHT_KEYS: scratch("keys") } : {}),
      }),
      { in: fetching(recipe, [from(layerStage("base"), "tree")]), meter: "apt" },
    ),
  ],
});
