import { from, output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hybridIso } from "../../tools/xorriso.ts";
import { run, type Facts, type Stage } from "../stage.ts";

/** The finished file, re-read and judged before anyone else sees it. */
export const iso = (recipe: Recipe, { archive }: Facts): Stage => ({
  name: "iso",
  revision: 1,
  bytes: 700e6,
  steps: [
    run(
      hybridIso({
        tree: from("medium", "tree"),
        iso: output("live.iso"),
        volume: recipe.volume,
        esp: from("medium", "esp.img"),
        mbr: from("loaders", "files/isohdpfx.bin"),
        isolinux: "isolinux/isolinux.bin",
        catalog: "isolinux/boot.cat",
        modified: stamp(archive.epoch),
      }),
      { meter: "xorriso" },
    ),
    { do: "audit", iso: output("live.iso") },
  ],
});

/** YYYYMMDDhhmmsscc in UTC. */
const stamp = (epoch: number): string => `${new Date(epoch * 1000).toISOString().replace(/\D/g, "").slice(0, 14)}00`;
