import { readdirSync } from "node:fs";
import { basename, join, resolve } from "node:path";
import { Failure } from "../failure.ts";
import type { LoadedRecipe } from "../recipe/load.ts";
import { framed } from "../recipe/modules.ts";
import { didYouMean } from "../recipe/suggest.ts";
import { exists, isCode, readText } from "../system/files.ts";
import { calledBy, chainsOf, lowestFirst, ownOf, refuseTwins, type Image } from "../workshop/image.ts";
import { readRecipe } from "./recipe-source.ts";

/** Each layer is a module of its own here, whatever the recipe says of its medium. */
export const asModules = ["squashfs.modules=layers"] as const;

/** Read the recipes of a folder: NAME.yaml, and NAME/recipe.yaml. All faults of all of them are told at once. */
export async function openWorkshop(asked: string | undefined): Promise<readonly Image[]> {
  const folder = await folderOf(asked);
  const files = await recipesIn(folder);
  const faults: Failure[] = [];
  const images: Image[] = [];
  for (const { name, file } of files)
    try {
      images.push(await imageOf(name, file));
    } catch (error) {
      if (!(error instanceof Failure) || error.code !== "recipe-invalid") throw error;
      faults.push(error);
    }
  if (faults.length > 0)
    throw new Failure("recipe-invalid", [...new Set(faults.flatMap(({ message }) => message.split("\n")))].join("\n"));
  if (images.length === 0)
    throw new Failure("usage", `there is no recipe in ${folder}`, {
      remedy: "name the folder that has them with --in",
    });
  refuseTwins(images);
  return lowestFirst(images);
}

/** The images that names mean: a recipe's folder or file, or the modules it makes, as in base-essential-console. */
export function imagesNamed(names: readonly string[], images: readonly Image[]): readonly Image[] {
  const found = names.map((name) => images.find((image) => namesOf(image).includes(name)));
  const known = images.flatMap((image) => [image.name, calledBy(image)]);
  const unknown = names.filter((_, at) => found[at] === undefined);
  if (unknown.length > 0)
    throw new Failure(
      "usage",
      unknown.map((name) => `no recipe here is called ${name}${didYouMean(name, known)}`).join("\n"),
      {
        remedy: `one of ${images.map(({ name }) => name).join(", ")}`,
      },
    );
  return lowestFirst([...new Set(found.flatMap((image) => image ?? []))]);
}

const namesOf = (image: Image): readonly string[] => [image.name, calledBy(image), ...ownOf(image)];

/** The images whose modules are made for these: those that they extend, as far as they are of this workshop. */
export const basesOf = (chosen: readonly Image[], images: readonly Image[]): readonly Image[] => {
  const chains = new Set(chosen.flatMap(({ layers }) => chainsOf(layers)));
  return images.filter((image) => chosen.includes(image) || ownOf(image).some((chain) => chains.has(chain)));
};

async function folderOf(asked: string | undefined): Promise<string> {
  if (asked !== undefined) return asked;
  return (await exists("images")) ? "images" : ".";
}

interface Found {
  readonly name: string;
  readonly file: string;
}

async function recipesIn(folder: string): Promise<readonly Found[]> {
  const entries = entriesOf(folder);
  const found: Found[] = [];
  for (const entry of entries) {
    const inside = join(folder, entry, "recipe.yaml");
    if (entry.startsWith(".")) continue;
    if (await exists(inside)) found.push({ name: entry, file: resolve(inside) });
    else if (/\.ya?ml$/u.test(entry) && (await isRecipe(join(folder, entry))))
      found.push({ name: basename(entry).replace(/\.ya?ml$/u, ""), file: resolve(folder, entry) });
  }
  const twice = found.filter(({ name }, at) => found.findIndex((other) => other.name === name) < at);
  if (twice.length > 0)
    throw new Failure("usage", twice.map(({ name }) => `${folder} has two recipes called ${name}`).join("\n"));
  return found;
}

function entriesOf(folder: string): readonly string[] {
  try {
    return readdirSync(folder).sort();
  } catch (error) {
    if (!isCode(error, "ENOENT") && !isCode(error, "ENOTDIR")) throw error;
    throw new Failure("usage", `${folder} is not a folder`, { remedy: "name the folder with the recipes with --in" });
  }
}

/** Other programs' files may lie here too: a recipe says what it builds on or of. */
const isRecipe = async (file: string): Promise<boolean> => /^(extends|suite|layers)\s*:/mu.test(await readText(file));

async function imageOf(name: string, file: string): Promise<Image> {
  const loaded = await readRecipe(file, []);
  return { name, file, layers: layersOf(loaded), inherited: await inheritedBy(loaded) };
}

const layersOf = ({ recipe }: LoadedRecipe): readonly string[] => framed(recipe.layers.map(({ name }) => name));

/** All layers of the extended recipe but its settings, which every image has for itself. */
async function inheritedBy({ extended: [nearest] }: LoadedRecipe): Promise<number> {
  return nearest === undefined ? 0 : layersOf(await readRecipe(nearest, [])).length - 1;
}
