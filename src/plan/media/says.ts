import type { MediumRecord, Menu } from "../../medium.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { modulesOf } from "../stages/squashfs.ts";
import type { Identity } from "./identity.ts";

/** Whose recipe it is: the boot test finds shipped ones again by name. */
export interface Origin {
  readonly name: string;
  readonly shipped: boolean;
}

interface Particular {
  readonly menu: Menu;
  readonly identity: Identity;
  readonly origin: Origin;
  readonly patched: readonly string[];
}

/** What a medium says of itself, but for the kernel's release, which is known once it is installed. */
export const saysOfItself = (
  recipe: Recipe,
  { menu, identity, origin, patched }: Particular,
): Omit<MediumRecord, "kernel"> => ({
  format: 1,
  name: recipe.name,
  version: recipe.version,
  suite: recipe.suite,
  architecture: recipe.architecture,
  recipe: origin,
  volume: recipe.volume,
  marker: identity.marker,
  menu,
  modules: modulesOf(recipe).map(({ file }) => file),
  user: { name: recipe.user.name, sudo: recipe.user.sudo },
  rootLocked: recipe.root.locked,
  checks: recipe.checks,
  patched,
});
