import { Failure } from "../failure.ts";
import { readChain, type ReadSource } from "./chain.ts";
import { checkFiles } from "./check-files.ts";
import { check } from "./checks.ts";
import { decode } from "./decode.ts";
import { recipeKeys, type Wish } from "./keys.ts";
import { merged, placed } from "./merge.ts";
import type { Recipe } from "./recipe.ts";
import { readSettings } from "./settings.ts";
import { filled } from "./shape.ts";
import { plain, type Fault, type Node, type Spot, type Tell } from "./tree.ts";
import { enough, validated } from "./validate.ts";

export type { ReadSource, Seen } from "./chain.ts";

export interface LoadedRecipe {
  readonly recipe: Recipe;
  /** Absolute folder of each root that the recipe's places name. */
  readonly roots: Readonly<Record<string, string>>;
  /** Absolute path of the recipe's own file. */
  readonly file: string;
  /** Absolute paths of the recipes that it extends, the nearest first. */
  readonly extended: readonly string[];
  /** It ships with the program, and its name and user are what they are there: who knows the name can log in. */
  readonly shipped: boolean;
  readonly warnings: readonly string[];
}

/** Read a recipe with those it extends, apply the settings, and tell every fault there is in one failure. */
export function loadRecipe(wish: {
  /** A shipped recipe's name, a file, or a folder with a recipe.yaml. */
  readonly name: string;
  /** `path=value` words, applied in order. */
  readonly sets: readonly string[];
  readonly read: ReadSource;
}): LoadedRecipe {
  const { read } = wish;
  const faults: Fault[] = [];
  const warnings: Fault[] = [];
  const reading = teller(faults);
  const settings = readSettings(wish.sets, reading);
  const { trees, roots, shipped, file, files } = readChain(wish.name, settings, read, reading);
  if (trees === undefined || faults.length >= enough) throw invalid(faults);
  const tell = unless([...faults], reading);
  const whole = settings.reduce<Node>((tree, setting) => placed(tree, setting, recipeKeys, tell), joined(trees));
  const remains = validated(whole, tell);
  if (remains === undefined) throw invalid(faults);
  // What a faulty recipe leaves is checked all the same: all faults are told at once.
  const asked = filled(recipeKeys, { name: "unnamed", ...(plain(remains.sound) as object) }) as Wish;
  check(asked, remains.sound, { tell, warn: teller(warnings) });
  checkFiles(asked, remains.rest, { read, roots }, tell);
  if (faults.length > 0) throw invalid(faults);
  const found = shipped && !settings.some(({ way: [key] }) => key === "name" || key === "user");
  return {
    recipe: decode(asked, remains.sound),
    ...{ roots, file, extended: files.slice(1), shipped: found },
    warnings: sorted(warnings).map(spelled),
  };
}

function teller(faults: Fault[]): Tell {
  const told = new Set<string>();
  return (spot, message) => {
    const text = spelled({ spot, message });
    if (!told.has(text)) faults.push({ spot, message });
    told.add(text);
  };
}

/** What could not even be read right has been told; what follows from it need not be. */
function unless(told: readonly Fault[], tell: Tell): Tell {
  const spots = new Set(told.map(({ spot }) => placeOf(spot)));
  return (spot, message) => {
    if (!spots.has(placeOf(spot))) tell(spot, message);
  };
}

const placeOf = ({ file, line, column }: Spot): string => `${file}:${String(line)}:${String(column)}`;

/** The extended recipes first, each further one over them. */
const joined = (trees: readonly Node[]): Node => trees.reduceRight((base, over) => merged(base, over, recipeKeys));

function invalid(faults: readonly Fault[]): Failure {
  const lines = sorted(faults).map(spelled);
  const more = lines.length - enough;
  return new Failure(
    "recipe-invalid",
    [...lines.slice(0, enough), ...(more > 0 ? [`and ${String(more)} more`] : [])].join("\n"),
  );
}

const spelled = ({ spot, message }: Fault): string => `${placeOf(spot)}: ${message}`;

const sorted = (faults: readonly Fault[]): readonly Fault[] =>
  [...faults].sort(({ spot: a }, { spot: b }) => compare(a.file, b.file) || a.line - b.line || a.column - b.column);

const compare = (a: string, b: string): number => (a < b ? -1 : a > b ? 1 : 0);
