import { from } from "../command.ts";
import type { Plan } from "./stage.ts";

/** The stage that packs a layer, and the file that it leaves. */
export const packedStage = (layer: string): string => `squashfs-${layer}`;
export const packedFile = "layer.squashfs";

/**
 * The same plan, cut to the squashfs modules of some layers: no medium, no initramfs, no pictures. Nor is the tree copied to a raw
 * disk image first, for what mksquashfs might spoil can be made again from the layers' own tars, which stay in the cache.
 */
export const modulesOnly = (plan: Plan, layers: readonly string[]): Plan => ({
  ...plan,
  stages: plan.stages.map((stage) => {
    const { after: _, keeps: __, ...rest } = stage;
    return layers.map(packedStage).includes(stage.name) ? rest : stage;
  }),
  artefacts: layers.map((layer) => ({ place: from(packedStage(layer), packedFile), name: `${layer}.squashfs` })),
});
