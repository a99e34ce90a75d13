import { output, scratch } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { archivesReached, installing, sandboxArchive, writeSources } from "../packages.ts";
import { meetsCertificates } from "../sources.ts";
import type { Facts } from "../facts.ts";
import { run, type Stage } from "../stage.ts";

/**
 * Packages of the base layer besides those that every Debian system must have. Certificates only where apt asks for them: to
 * install them costs a fifth of bootstrapping.
 */
export const basePackages = (recipe: Recipe, { archive }: Facts): readonly string[] => [
  ...(meetsCertificates(recipe, archive) ? ["ca-certificates"] : []),
  "zstd",
];

/** The stage that reads the frozen archive. */
export const archiveStage = "archive";

/**
 * What apt makes of the archive's indices, once for all layers: `lists`, checked and unpacked, and `wanted`, the packages of
 * the base layer, in the words of `apt-get --print-uris`.
 */
export const archive = (recipe: Recipe, facts: Facts): Stage => ({
  name: archiveStage,
  revision: 1,
  reaches: archivesReached(facts.archive),
  bytes: 120e6,
  steps: [
    ...writeSources(recipe, facts.archive, sandboxArchive),
    run(
      hook("archive", output("."), {
        LIVEWRIGHT_SOURCES: scratch("build.sources"),
        LIVEWRIGHT_SUITE: recipe.archive?.suite ?? recipe.suite,
        LIVEWRIGHT_ARCHITECTURE: recipe.architecture,
        LIVEWRIGHT_PACKAGES: basePackages(recipe, facts).join(" "),
      }),
      { in: installing(recipe, []), meter: "apt" },
    ),
  ],
});
