import { shippedNames } from "../recipe/chain.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { RecipesOptions } from "./options.ts";
import { filesHere, readRecipe } from "./recipe-source.ts";
import type { Session } from "./session.ts";

/** List the recipes that ship. */
export async function recipes({ json }: RecipesOptions, session: Session): Promise<void> {
  const loaded = await Promise.all(shippedNames(filesHere()).map((name) => readRecipe(name, [])));
  const rows = loaded.map(({ recipe }) => row(recipe));
  session.print(json ? JSON.stringify({ recipes: rows }, null, 2) : table(rows));
}

interface Row {
  readonly name: string;
  readonly suite: string;
  readonly description: string;
}

const row = ({ name, suite, description = "" }: Recipe): Row => ({ name, suite, description });

function table(rows: readonly Row[]): string {
  const [name, suite] = [width(rows.map((it) => it.name)), width(rows.map((it) => it.suite))];
  return rows.map((it) => `${it.name.padEnd(name)}  ${it.suite.padEnd(suite)}  ${it.description}`).join("\n");
}

const width = (words: readonly string[]): number => Math.max(...words.map((word) => word.length));
