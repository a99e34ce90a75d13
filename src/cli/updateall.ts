import { resolve } from "node:path";
import { Failure } from "../failure.ts";
import { chainsOf, ownOf, type Image } from "../workshop/image.ts";
import { lookAround, modulesFolder, settle } from "./making-modules.ts";
import type { UpdateOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { basesOf, openWorkshop } from "./workshop.ts";

/** Make anew what there is of the images, as far as anything that it is made of has changed. */
export async function updateAll(options: UpdateOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const { folder } = modulesFolder(options);
  const there = new Set(await folder.names());
  const existing = images.filter((image) => ownOf(image).some((chain) => there.has(chain)));
  const wanted = new Set(images.flatMap((image) => ownedAndBelow(image, there)));
  if (existing.length === 0)
    throw new Failure("usage", `${resolve(options.output)} has no module that a recipe here makes`, {
      remedy: "livewright makefound",
    });
  await settle(await lookAround({ images: basesOf(existing, images), wanted }, options, session), options, session);
}

/** What is there of an image, and everything that it stands on. */
function ownedAndBelow(image: Image, there: ReadonlySet<string>): readonly string[] {
  const chains = chainsOf(image.layers);
  const topmost = chains.findLastIndex((chain) => there.has(chain) && ownOf(image).includes(chain));
  return chains.slice(0, topmost + 1);
}
