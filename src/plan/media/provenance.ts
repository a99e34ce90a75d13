import type { Recipe } from "../../recipe/recipe.ts";
import type { Facts, PlannedStage } from "../stage.ts";

/** How a medium came to be, with places by meaning: no path, time, address or host of the builder, and no secret. */
export function provenance(recipe: Recipe, built: readonly PlannedStage[], facts: Facts): object {
  return {
    format: 1,
    recipe: withoutSecrets(recipe),
    archive: {
      codename: facts.archive.codename,
      epoch: facts.archive.epoch,
      releases: facts.archive.releases.map(({ role, suite, components, digest, date }) => ({
        role,
        suite,
        components,
        digest,
        date,
      })),
    },
    sources: facts.digests,
    hooks: facts.hooks,
    tools: facts.versions,
    stages: built.map(({ name, key, steps }) => ({ name, key, steps })),
  };
}

const withoutSecrets = ({ user, root, mirrors, ...rest }: Recipe): unknown => ({
  ...rest,
  mirrors: { image: mirrors.image, security: mirrors.security },
  user: { name: user.name, fullname: user.fullname, sudo: user.sudo, groups: user.groups },
  root: { locked: root.locked },
});
