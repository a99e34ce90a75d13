import { scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { Recipe } from "../recipe/recipe.ts";

/** What a recipe keeps from logs, plans and arguments, by the names under which plans speak of it. */
export const secretsOf = ({ user, root }: Recipe): Readonly<Record<string, string>> => ({
  user: user.secret.text,
  ...(root.locked ? {} : { root: root.secret.text }),
});

/**
 * So that another password makes another key, and the key, which is published in build.json, tells nobody which: guessing
 * takes as long as with the image's own hash of it.
 */
export async function secretDigests(recipe: Recipe): Promise<Readonly<Record<string, string>>> {
  const digest = async ([name, text]: [string, string]): Promise<[string, string]> => [
    `secret:${name}`,
    (await slowly(text, `livewright ${recipe.name} ${name}`, 32)).toString("hex"),
  ];
  return Object.fromEntries(await Promise.all(Object.entries(secretsOf(recipe)).map(digest)));
}

const slowly = promisify(scrypt) as (text: string, salt: string, length: number) => Promise<Buffer>;
