import { from, type SourcePlace } from "../command.ts";
import type { Medium, Recipe } from "../recipe/recipe.ts";
import { layersOf } from "./layers.ts";
import { esp } from "./media/esp.ts";
import { iso } from "./media/iso.ts";
import { identify } from "./media/identity.ts";
import { initrd } from "./media/initrd.ts";
import { medium, type Built } from "./media/medium.ts";
import { netboot } from "./media/netboot.ts";
import type { Origin } from "./media/says.ts";
import { placesIn, toolsIn } from "./places.ts";
import { seal } from "./seal.ts";
import { index } from "./stages/apt.ts";
import { archive } from "./stages/archive.ts";
import { base } from "./stages/base.ts";
import { initramfs, inventory } from "./stages/initramfs.ts";
import { layer } from "./stages/layer.ts";
import { installer, loaders, netbootLoaders } from "./stages/loaders.ts";
import { pictures } from "./stages/pictures.ts";
import { disk, raw } from "./stages/raw.ts";
import { language } from "./stages/language.ts";
import { settings } from "./stages/settings.ts";
import { sizes } from "./stages/sizes.ts";
import { squashfs } from "./stages/squashfs.ts";
import { placeKey, type Facts } from "./facts.ts";
import type { Artefact, Plan, Stage } from "./stage.ts";

export interface PlanWish {
  readonly recipe: Recipe;
  readonly origin: Origin;
  /** The raw disk image is wanted too. */
  readonly keepRaw: boolean;
  /** The version of this program. */
  readonly by: string;
}

/** Everything that would be done to make a recipe's media, as one value: a pure function of the wish and the facts. */
export function plan(wish: PlanWish, facts: Facts): Plan {
  const { recipe } = wish;
  const system = systemStages(recipe, facts);
  const built = seal(recipe.name, system, [], facts).stages;
  const onIso = concerning([...system, unnamed(recipe), ...isoStages(wish, unbuilt)], facts);
  const identity = identify(recipe, built, onIso);
  const stages = [
    ...system,
    initrd(recipe, identity, facts),
    ...(makes(recipe, "iso") ? isoStages(wish, { built, facts: onIso, identity }) : []),
    ...(makes(recipe, "netboot") ? netbootStages(wish, { facts, identity }) : []),
  ];
  return seal(recipe.name, stages, artefactsOf(wish), facts);
}

/** Source files and tools that planning must know of: asked of the world before there are facts. */
export function needs(wish: PlanWish): { readonly places: readonly SourcePlace[]; readonly tools: readonly string[] } {
  const { recipe } = wish;
  const [onIso, inFolder] = [isoStages(wish, unbuilt), netbootStages(wish, unbuilt)];
  const stages = [
    ...systemStages(recipe, nothing),
    unnamed(recipe),
    ...(makes(recipe, "iso") ? onIso : []),
    ...(makes(recipe, "netboot") ? inFolder : []),
  ];
  // The ISO's files are part of every medium's identity, even where none is made.
  const unique = new Map(sourcesIn([...stages, ...onIso]).map((place) => [placeKey(place), place]));
  return { places: [...unique.values()], tools: [...new Set(stages.flatMap(toolsIn))] };
}

const makes = ({ media }: Recipe, wanted: Medium["kind"]): boolean => media.some(({ kind }) => kind === wanted);

const sourcesIn = (stages: readonly Stage[]): readonly SourcePlace[] =>
  stages.flatMap(placesIn).filter((place) => place.at === "source");

/** What of the facts some stages depend on. A medium tells no more: what another one needs leaves it as it is. */
function concerning(stages: readonly Stage[], facts: Facts): Facts {
  const named = new Set(sourcesIn(stages).map(placeKey));
  const tools = new Set(stages.flatMap(toolsIn));
  const only = <Value>(all: Readonly<Record<string, Value>>, fits: (key: string) => boolean): Record<string, Value> =>
    Object.fromEntries(
      Object.entries(all)
        .filter(([key]) => fits(key))
        .sort(([one], [other]) => (one < other ? -1 : 1)), // Which media are asked for decides in which order they come.
    );
  return {
    ...facts,
    digests: only(facts.digests, (key) => named.has(key) || key.startsWith("secret:")),
    versions: only(facts.versions, (key) => tools.has(key)),
    hooks: only(facts.hooks, (key) => named.has(key)),
  };
}

/** The initrd of every medium, before they have a name. */
const unnamed = (recipe: Recipe): Stage => initrd(recipe, unbuilt.identity, nothing);

function isoStages({ recipe, origin, by }: PlanWish, parts: Built): readonly Stage[] {
  const { facts, identity } = parts;
  return [esp(identity, facts), medium(recipe, origin, parts), iso(recipe, facts, { name: isoName(recipe), by })];
}

/** The folder stands on the same system, but on none of what only an ISO carries. */
function netbootStages({ recipe, origin, by }: PlanWish, { facts, identity }: Omit<Built, "built">): readonly Stage[] {
  const others = carried(recipe, facts).map(({ name }) => name);
  const own = netbootLoaders(recipe, facts);
  const made = { name: folderName(recipe), by };
  const folder = (built: Built["built"], known: Facts): Stage =>
    netboot(recipe, origin, { built, facts: known, identity, made });
  if (facts === nothing) return [own, folder([], nothing)];
  const built = seal(recipe.name, [...systemStages(recipe, facts), own], [], facts).stages.filter(
    ({ name }) => !others.includes(name),
  );
  return [own, folder(built, concerning([...built, unnamed(recipe), folder([], nothing)], facts))];
}

/** The name of everything a recipe's build puts beside each other. */
export const artefactName = ({ name, version, suite, architecture }: Recipe): string =>
  `${name}-${version}-${suite}-${architecture}`;

const isoName = (recipe: Recipe): string => `${artefactName(recipe)}.iso`;
const folderName = (recipe: Recipe): string => `${artefactName(recipe)}.netboot`;

const systemStages = (recipe: Recipe, facts: Facts): readonly Stage[] => [
  archive(recipe, facts),
  base(recipe, facts),
  index(recipe, facts),
  language(recipe, facts),
  ...layersOf(recipe).map((wish) => layer(recipe, wish, facts)),
  settings(recipe, facts),
  loaders(recipe, facts), // The raw copy boots by them too.
  ...carried(recipe, facts),
  initramfs(recipe),
  inventory(recipe),
  raw(recipe, facts),
  disk(recipe, facts),
  ...squashfs(recipe),
  sizes(recipe),
];

/** What an ISO carries besides the live system and the loaders. */
const carried = (recipe: Recipe, facts: Facts): readonly Stage[] => [
  ...(recipe.installer.kind === "none" ? [] : [installer(recipe, facts, recipe.installer.source)]),
  pictures(recipe),
];

/** The media come first: what a build prints is their paths. */
function artefactsOf({ recipe, keepRaw }: PlanWish): readonly Artefact[] {
  const name = artefactName(recipe);
  const [withIso, withFolder] = [makes(recipe, "iso"), makes(recipe, "netboot")];
  return [
    ...(withIso ? [{ place: from("iso", "live.iso"), name: isoName(recipe) }] : []),
    ...(withFolder ? [{ place: from("netboot", "tree"), name: folderName(recipe) }] : []),
    { place: from("inventory", "packages"), name: `${name}.packages` },
    { place: from("inventory", "contents"), name: `${name}.contents` },
    ...(withIso ? [{ place: from("iso", "build.json"), name: `${name}.build.json` }] : []),
    ...(withFolder ? [{ place: from("netboot", "build.json"), name: `${name}.netboot.json` }] : []),
    ...(keepRaw ? [{ place: from("disk", "disk.img"), name: `${name}.raw` }] : []),
  ];
}

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

const unbuilt: Built = { facts: nothing, identity: { uuid: "", marker: "/" }, built: [] };
