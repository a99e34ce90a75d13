import { archive, from, joined, output, scratch } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { libraryHook } from "../../tools/hook.ts";
import { layerStage } from "../layers.ts";
import { archivesReached, offline, online, writeNetworkSources } from "../packages.ts";
import type { Facts } from "../facts.ts";
import { rootPath, run, type Stage } from "../stage.ts";
import { keysOf } from "./apt.ts";
import { extracted } from "./extracted.ts";

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

/** The same for computers that boot from the network. */
const netbootLoaderPackages = [
  "pxelinux",
  "syslinux-common",
  "shim-signed",
  "shim-helpers-amd64-signed",
  "grub-efi-amd64-signed",
] as const;

/** A stage of its own, so that a recipe that asks for a netboot folder too makes its ISO of the same loaders as before. */
export const netbootLoaders = (recipe: Recipe, facts: Facts): Stage =>
  extracted(recipe, facts, "netboot-loaders", netbootLoaderPackages);

/** debian-installer's kernels and initrds: from the ordinary package that carries them, or from the archive's own images. */
export function installer(recipe: Recipe, facts: Facts, source: "package" | "mirror"): Stage {
  const release = facts.archive.release ?? "13";
  return source === "package"
    ? extracted(recipe, facts, "installer", [`debian-installer-${release}-netboot-${recipe.architecture}`])
    : fromMirror(recipe, facts);
}

/** Images that lie in the archive itself are no packages: their hook fetches them. */
const fromMirror = (recipe: Recipe, facts: Facts): Stage => ({
  name: "installer",
  revision: 1,
  reaches: archivesReached(facts.archive),
  bytes: 150e6,
  steps: [
    ...writeNetworkSources(recipe, facts.archive),
    run(
      libraryHook("installer-mirror", rootPath, {
        LIVEWRIGHT_SOURCES: scratch("network.sources"),
        LIVEWRIGHT_OUT: output("files"),
        LIVEWRIGHT_MIRROR: joined(archive("main")),
        LIVEWRIGHT_SUITE: recipe.archive?.suite ?? recipe.suite,
        LIVEWRIGHT_ARCHITECTURE: recipe.architecture,
        ...keysOf(recipe),
      }),
      { in: online(offline(recipe, [from(layerStage("base"), "tree")])), meter: "apt" },
    ),
  ],
});
