import { chainsIn, lookAround, settle } from "./making-modules.ts";
import type { MakeOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { basesOf, imagesNamed, openWorkshop } from "./workshop.ts";

/** Make images and all that they stand on. */
export async function makeAll(names: readonly string[], options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const chosen = imagesNamed(names, images);
  const survey = await lookAround({ images: basesOf(chosen, images), wanted: chainsIn(chosen) }, options, session);
  await settle(survey, options, session);
}
