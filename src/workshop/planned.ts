import { Failure } from "../failure.ts";
import { layerStage } from "../plan/layers.ts";
import { packedStage } from "../plan/modules-only.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { chainsOf, ownOf, type Image } from "./image.ts";

/** An image, and what making all of it would take. */
export interface PlannedImage {
  readonly image: Image;
  readonly plan: Plan;
  /** Tells which of its keys make a shared layer another one. */
  readonly recipe?: Recipe;
}

/** A module that could be made, known by what it is made of. */
export interface PlannedModule {
  /** Its name, which tells all that it stands on. */
  readonly chain: string;
  readonly layer: string;
  /** How many modules it stands on. */
  readonly depth: number;
  /** The module below. */
  readonly parent?: string;
  /** The image that makes it. */
  readonly maker: string;
  /** Of the stage that packs it: it stands for all that goes into the module, what it stands on included. */
  readonly key: string;
  /** Of the stage that makes its layer. */
  readonly layerKey: string;
  /** What goes into it besides what it stands on, named. */
  readonly own: Readonly<Record<string, string>>;
}

/**
 * All modules of some images, lowest first, each once: made by the image whose own it is, or by the first that stands on it. Images
 * that share a name for what is not the same are refused.
 */
export function modulesOf(planned: readonly PlannedImage[]): readonly PlannedModule[] {
  const modules = new Map<string, PlannedModule>();
  const makers = new Map<string, PlannedImage>();
  const faults = new Set<string>();
  for (const each of planned)
    for (const module of modulesIn(each)) {
      const [before, maker] = [modules.get(module.chain), makers.get(module.chain)];
      if (before !== undefined && maker !== undefined && before.key !== module.key)
        faults.add(`${each.image.name} and ${maker.image.name} ${whatDiffers([maker, each], [before, module])}`);
      if (before !== undefined && !ownOf(each.image).includes(module.chain)) continue;
      modules.set(module.chain, module);
      makers.set(module.chain, each);
    }
  if (faults.size > 0)
    throw new Failure("recipe-invalid", [...faults].join("\n"), {
      remedy:
        "say it in the recipe that both extend (hostname: lab, say), or keep the modules of one of them in another folder, with -o",
    });
  return [...modules.values()].sort((a, b) => a.depth - b.depth || (a.chain < b.chain ? -1 : 1));
}

function modulesIn({ image, plan }: PlannedImage): readonly PlannedModule[] {
  const chains = chainsOf(image.layers);
  return image.layers.map((layer, at) => {
    const parent = chains[at - 1];
    const [made, packed] = [stageOf(plan, layerStage(layer)), stageOf(plan, packedStage(layer))];
    return {
      chain: chains[at] ?? "",
      layer,
      depth: at,
      ...(parent === undefined ? {} : { parent }),
      maker: image.name,
      key: packed.key ?? unknown(packed.name),
      layerKey: made.key ?? unknown(made.name),
      own: ownIngredients(made, packed),
    };
  });
}

const stageOf = ({ stages }: Plan, name: string): PlannedStage =>
  stages.find((stage) => stage.name === name) ?? unknown(name);

function unknown(stage: string): never {
  throw new Failure("bug", `the stage ${stage} of a module has no key`);
}

/** What the layer's stage and the one that packs it are made of, but for the layers below. */
const ownIngredients = (made: PlannedStage, packed: PlannedStage): Readonly<Record<string, string>> =>
  Object.fromEntries([
    ...Object.entries(made.ingredients).filter(([name]) => !name.startsWith("stage layer-")),
    ...Object.entries(packed.ingredients)
      .filter(([name]) => !name.startsWith("stage layer-"))
      .map(([name, value]): [string, string] => [`packing: ${name}`, value]),
  ]);

/** What a shared layer depends on besides its own words in the recipe, so that images that share it must agree. */
const shaping = [
  ...["suite", "architecture", "components", "firmware", "archive", "repositories", "hostname", "kernel", "squashfs"],
  "mirrors",
] as const;

function whatDiffers(
  images: readonly [PlannedImage, PlannedImage],
  modules: readonly [PlannedModule, PlannedModule],
): string {
  const [one, other] = images.map(({ recipe }) => recipe as unknown as Readonly<Record<string, unknown>> | undefined);
  const keys = shaping.filter((key) => JSON.stringify(one?.[key]) !== JSON.stringify(other?.[key]));
  const shared = `share ${modules[0].chain}, which would not be the same for both`;
  if (keys.length > 0)
    return `${shared}: their ${keys.join(", ")} ${keys.length === 1 ? "differs" : "differ"}${keys.includes("hostname") ? "; a host name that is not said is the recipe's name" : ""}`;
  const differing = differences(modules[0].own, modules[1].own);
  const archive = differing.some((each) => each.includes("archive "));
  return archive
    ? `${shared}: the archive has moved on in between, or their locks are of different states`
    : `${shared}: ${differing.join(", ") || "what it stands on differs"}`;
}

/** How ingredients differ, in the words of `livewright plan --explain`. */
export const differences = (
  was: Readonly<Record<string, string>>,
  is: Readonly<Record<string, string>>,
): readonly string[] =>
  [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((name) => {
    if (was[name] === is[name]) return [];
    return [was[name] === undefined ? `new: ${name}` : is[name] === undefined ? `gone: ${name}` : `changed: ${name}`];
  });
