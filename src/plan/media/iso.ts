import { from, output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hybridIso } from "../../tools/xorriso.ts";
import { liveDigests } from "./live-files.ts";
import { limitsOf } from "../stages/sizes.ts";
import type { Facts } from "../facts.ts";
import { run, type Limit, type Stage, type Step } from "../stage.ts";
import { packedWeight, weightOfAll } from "../weight.ts";

/** The finished file, re-read and judged before anyone else sees it. */
export const iso = (recipe: Recipe, { archive }: Facts, made: Made): Stage => ({
  name: "iso",
  revision: 1,
  // Beside the modules there are boot files, and the installer.
  bytes: packedWeight(weightOfAll(recipe)) + 250e6,
  steps: [
    ...within(limitsOf(recipe)),
    run(
      hybridIso({
        tree: from("medium", "tree"),
        iso: output("live.iso"),
        volume: recipe.volume,
        esp: from("esp", "esp.img"),
        mbr: from("loaders", "files/isohdpfx.bin"),
        isolinux: "isolinux/isolinux.bin",
        catalog: "isolinux/boot.cat",
        modified: stamp(archive.epoch),
      }),
      { meter: "xorriso" },
    ),
    ...within(
      recipe.budget.iso === undefined
        ? []
        : [{ of: "iso", file: output("live.iso"), most: recipe.budget.iso, key: "budget.iso" }],
    ),
    {
      do: "audit",
      of: "iso",
      medium: output("live.iso"),
      known: Object.values(liveDigests(recipe)),
    },
    {
      do: "attest",
      of: "iso",
      provenance: from("medium", "tree/.disk/provenance.json"),
      livewright: made.by,
      medium: output("live.iso"),
      name: made.name,
      to: output("build.json"),
    },
  ],
});

/** What the medium is to be called, and the version of this program that makes it. */
export interface Made {
  readonly name: string;
  readonly by: string;
}

/** The ISO's own stage holds what it must keep to: a raised budget makes nothing else again. */
const within = (limits: readonly Limit[]): readonly Step[] =>
  limits.length === 0 ? [] : [{ do: "budget", limits, sizes: from("sizes", "sizes.json") }];

/** YYYYMMDDhhmmsscc in UTC. */
const stamp = (epoch: number): string => `${new Date(epoch * 1000).toISOString().replace(/\D/g, "").slice(0, 14)}00`;
