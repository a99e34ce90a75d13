import { chainsIn, lookAround, settle } from "./making-modules.ts";
import type { MakeOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { openWorkshop } from "./workshop.ts";

/** Make every image that there is a recipe of. */
export async function makeFound(options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  await settle(await lookAround({ images, wanted: chainsIn(images) }, options, session), options, session);
}
