import { archive, from, joined, output, scratch, shared, type Arg } from "../../command.ts";
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

/** debian-installer's kernels and initrds: from the ordinary package that carries them, or from the archive's own images. */
export function installer(recipe: Recipe, facts: Facts, source: "package" | "mirror"): Stage {
  const release = facts.archive.release ?? "13";
  return source === "package"
    ? extracted(recipe, facts, "installer", [`debian-installer-${release}-netboot-${recipe.architecture}`])
    : { ...onBase(recipe, facts, "installer-mirror", imagesOf(recipe)), name: "installer" };
}

const imagesOf = (recipe: Recipe): Readonly<Record<string, Arg>> => ({
  LIVEWRIGHT_MIRROR: joined(archive("main")),
  LIVEWRIGHT_SUITE: recipe.archive?.suite ?? recipe.suite,
  LIVEWRIGHT_ARCHITECTURE: recipe.architecture,
});

/** Packages unpacked, not installed, over the base layer, and what the hook of the stage's name takes out of them. */
const extracted = (recipe: Recipe, facts: Facts, name: string, packages: readonly string[]): Stage =>
  onBase(recipe, facts, name, { LIVEWRIGHT_ARCHIVES: shared("packages"), LIVEWRIGHT_UNPACK: packages.join(" ") });

/** A hook that fetches from the archive, with the base layer's apt, and keeps only what it puts into LIVEWRIGHT_OUT. */
const onBase = (recipe: Recipe, facts: Facts, name: string, env: Readonly<Record<string, Arg>>): Stage => ({
  name,
  revision: 1,
  reaches: archivesReached(facts.archive),
  bytes: 150e6,
  steps: [
    ...writeSources(recipe, facts.archive, rootKeys),
    run(
      libraryHook(name, rootPath, {
        LIVEWRIGHT_SOURCES: scratch("build.sources"),
        LIVEWRIGHT_OUT: output("."),
        ...env,
        ...(ownKeys(recipe).length > 0 ? { LIVEWRIGHT_KEYS: scratch("keys") } : {}),
      }),
      { in: fetching(recipe, [from(layerStage("base"), "tree")]), meter: "apt" },
    ),
  ],
});
