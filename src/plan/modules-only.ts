import { from } from "../command.ts";
import { readsOf } from "./places.ts";
import type { Plan, PlannedStage } from "./stage.ts";

/** The stage that packs a layer, and the file that it leaves. */
export const packedStage = (layer: string): string => `squashfs-${layer}`;
export const packedFile = "layer.squashfs";

/**
 * The same plan, cut to the squashfs modules of some layers: no medium, no initramfs, no pictures. Nor is the tree copied to a raw
 * disk image first, for what mksquashfs might spoil can be made again from the layers' own tars, which stay in the cache.
 */
export function modulesOnly(plan: Plan, layers: readonly string[]): Plan {
  const packed = layers.map(packedStage);
  const stages = plan.stages.map((stage): PlannedStage => {
    const { after: _, keeps: __, ...rest } = stage;
    return packed.includes(stage.name) ? rest : stage;
  });
  const needed = new Set(packed);
  for (const stage of stages.toReversed())
    if (needed.has(stage.name)) for (const name of [...readsOf(stage), ...(stage.after ?? [])]) needed.add(name);
  return {
    ...plan,
    stages: stages.filter(({ name }) => needed.has(name)),
    artefacts: layers.map((layer) => ({ place: from(packedStage(layer), packedFile), name: `${layer}.squashfs` })),
  };
}
