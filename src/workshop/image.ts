import { Failure } from "../failure.ts";

/**
 * A recipe of the workshop as MoDe sees it: an image, made of modules that stand on each other, of which the lower ones may be
 * those of the recipe that it extends.
 */
export interface Image {
  /** The recipe's folder, or its file without the ending. */
  readonly name: string;
  /** The recipe's file. */
  readonly file: string;
  /** Layers of the system, lowest first: base, essential, those of the recipes, settings. */
  readonly layers: readonly string[];
  /** How many of them the recipe that it extends has brought. */
  readonly inherited: number;
}

/** Names of modules, lowest first, each told by all that it stands on: base, base-essential, base-essential-console. */
export const chainsOf = (layers: readonly string[]): readonly string[] =>
  layers.map((_, at) => layers.slice(0, at + 1).join("-"));

/** The modules that are this image's own. */
export const ownOf = ({ layers, inherited }: Image): readonly string[] => chainsOf(layers).slice(inherited);

/** The name that people call the image by: of the module below its settings. */
export const calledBy = ({ layers }: Image): string => layers.slice(0, -1).join("-");

/** Refuse images that would write the same modules: they could not lie in one folder. */
export function refuseTwins(images: readonly Image[]): void {
  const makers = new Map<string, string[]>();
  for (const image of images)
    for (const chain of ownOf(image)) makers.set(chain, [...(makers.get(chain) ?? []), image.name]);
  const faults = [...makers].flatMap(([chain, names]) =>
    names.length < 2 ? [] : [`${names.join(" and ")} would both make ${chain}`],
  );
  if (faults.length === 0) return;
  throw new Failure("recipe-invalid", faults.join("\n"), {
    remedy: "give each of these recipes a layer of its own, with a name that no other has",
  });
}

/** Images whose bases come before them, otherwise by name. */
export const lowestFirst = (images: readonly Image[]): readonly Image[] =>
  [...images].sort((a, b) => a.layers.length - b.layers.length || (a.name < b.name ? -1 : 1));
