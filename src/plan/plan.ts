import { from, type SourcePlace } from "../command.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { layersOf } from "./layers.ts";
import { iso } from "./media/iso.ts";
import { identify, medium, type Origin } from "./media/medium.ts";
import { placesIn, toolsIn } from "./places.ts";
import { seal } from "./seal.ts";
import { archive } from "./stages/archive.ts";
import { base } from "./stages/base.ts";
import { initramfs, inventory } from "./stages/initramfs.ts";
import { layer } from "./stages/layer.ts";
import { installer, loaders } from "./stages/loaders.ts";
import { pictures } from "./stages/pictures.ts";
import { disk, raw } from "./stages/raw.ts";
import { settings } from "./stages/settings.ts";
import { sizes } from "./stages/sizes.ts";
import { squashfs } from "./stages/squashfs.ts";
import { placeKey, type Artefact, type Facts, type Plan, type Stage } from "./stage.ts";

export interface PlanWish {
  readonly recipe: Recipe;
  readonly origin: Origin;
  /** The raw disk image is wanted too. */
  readonly keepRaw: boolean;
  /** The version of this program. */
  readonly by: string;
}

/** Everything that would be done to make a recipe's medium, as one value: a pure function of the wish and the facts. */
export function plan({ recipe, origin, keepRaw, by }: PlanWish, facts: Facts): Plan {
  const system = seal(recipe.name, systemStages(recipe, facts), [], facts).stages;
  const identity = identify(recipe, system, facts);
  const carrier = [
    medium(recipe, origin, { facts, identity, built: system }),
    iso(recipe, facts, { name: isoName(recipe), by }),
  ];
  return seal(recipe.name, [...systemStages(recipe, facts), ...carrier], artefactsOf(recipe, keepRaw), facts);
}

/** Source files and tools that planning must know of: asked of the world before there are facts. */
export function needs(wish: PlanWish): { readonly places: readonly SourcePlace[]; readonly tools: readonly string[] } {
  const { recipe } = wish;
  const stages = [
    ...systemStages(recipe, nothing),
    medium(recipe, wish.origin, { facts: nothing, identity: { uuid: "", marker: "/" }, built: [] }),
    iso(recipe, nothing, { name: "", by: "" }),
  ];
  const places = stages.flatMap(placesIn).filter((place) => place.at === "source");
  const unique = new Map(places.map((place) => [placeKey(place), place]));
  return { places: [...unique.values()], tools: [...new Set(stages.flatMap(toolsIn))] };
}

/** The name of everything a recipe's build puts beside each other. */
export const artefactName = ({ name, version, suite, architecture }: Recipe): string =>
  `${name}-${version}-${suite}-${architecture}`;

const isoName = (recipe: Recipe): string => `${artefactName(recipe)}.iso`;

const systemStages = (recipe: Recipe, facts: Facts): readonly Stage[] => [
  archive(recipe, facts),
  base(recipe, facts),
  ...layersOf(recipe).map((wish) => layer(recipe, wish, facts)),
  settings(recipe, facts),
  loaders(recipe, facts),
  ...(recipe.installer.kind === "none" ? [] : [installer(recipe, facts, recipe.installer.source)]),
  pictures(recipe),
  initramfs(recipe),
  inventory(recipe),
  raw(recipe, facts),
  disk(recipe, facts),
  ...squashfs(recipe),
  sizes(recipe),
];

const artefactsOf = (recipe: Recipe, keepRaw: boolean): readonly Artefact[] => [
  { place: from("iso", "live.iso"), name: isoName(recipe) },
  { place: from("inventory", "packages"), name: `${artefactName(recipe)}.packages` },
  { place: from("inventory", "contents"), name: `${artefactName(recipe)}.contents` },
  { place: from("iso", "build.json"), name: `${artefactName(recipe)}.build.json` },
  ...(keepRaw ? [{ place: from("disk", "disk.img"), name: `${artefactName(recipe)}.raw` }] : []),
];

/** Enough to lay the stages out; no key is made of it. */
const nothing: Facts = {
  digests: {},
  versions: {},
  hooks: {},
  archive: {
    codename: "",
    epoch: 0,
    releases: [{ role: "main", url: "", suite: "", components: [], digest: "", keyring: "", date: 0 }],
  },
};
