import { scryptSync } from "node:crypto";
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
export const secretDigests = (recipe: Recipe): Readonly<Record<string, string>> =>
  Object.fromEntries(
    Object.entries(secretsOf(recipe)).map(([name, text]) => [
      `secret:${name}`,
      scryptSync(text, `livewright ${recipe.name} ${name}`, 32).toString("hex"),
    ]),
  );
