import type { Recipe } from "../../recipe/recipe.ts";
import { digest, uuidOf } from "../digest.ts";
import { withoutSecrets } from "./provenance.ts";
import type { Facts } from "../facts.ts";
import type { PlannedStage } from "../stage.ts";

/** Names by which this build's media are told from every other's: derived from all that is on them. */
export interface Identity {
  readonly uuid: string;
  readonly marker: string;
}

/** The same whichever media are made of the system, so that they may share its initramfs. */
export function identify(recipe: Recipe, built: readonly PlannedStage[], facts: Facts): Identity {
  // It is published, and quick to compute: of passwords it takes only the slow digests among the facts. A stage that waits for
  // a view has no key yet, but the layers have.
  const uuid = uuidOf(
    digest([withoutSecrets(recipe), facts.digests, built.map(({ key, ingredients }) => key ?? ingredients)]),
  );
  return { uuid, marker: `/.disk/id/${uuid}` };
}
