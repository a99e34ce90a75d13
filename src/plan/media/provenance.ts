import type { Recipe } from "../../recipe/recipe.ts";
import type { Facts } from "../facts.ts";
import type { PlannedStage } from "../stage.ts";
import type { Origin } from "./says.ts";

/** How a medium came to be, with places by meaning: no path, time, address or host of the builder, and no secret. */
export function provenance(
  recipe: Recipe,
  { shipped }: Origin,
  { built, facts }: { readonly built: readonly PlannedStage[]; readonly facts: Facts },
): object {
  return {
    format: 1,
    recipe: withoutSecrets(recipe),
    shipped,
    archive: { codename: facts.archive.codename, epoch: facts.archive.epoch },
    sources: facts.digests,
    hooks: facts.hooks,
    tools: facts.versions,
    stages: built.map(({ name, key, steps }) => ({ name, key, steps })),
  };
}

/** A recipe as the world may see it: no password, nor where the builder fetched from, nor which other media there are. */
export const withoutSecrets = ({ user, root, mirrors, media: _, ...rest }: Recipe): object => ({
  ...rest,
  mirrors: { image: mirrors.image, security: mirrors.security },
  user: { name: user.name, fullname: user.fullname, sudo: user.sudo, groups: user.groups },
  root: { locked: root.locked },
});
