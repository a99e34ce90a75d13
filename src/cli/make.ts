import { resolve } from "node:path";
import { Failure } from "../failure.ts";
import type { Image } from "../workshop/image.ts";
import { chainsOf, ownOf } from "../workshop/image.ts";
import type { Standing } from "../workshop/verdict.ts";
import type { MakeOptions, UpdateOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { lookAround, settle, type Survey } from "./making-modules.ts";
import { basesOf, imagesNamed, openWorkshop } from "./workshop.ts";

/** Make the modules of images, each on the modules below it, which have to be there. */
export async function make(names: readonly string[], options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const chosen = imagesNamed(names, images);
  const survey = await lookAround({ images: basesOf(chosen, images), wanted: chainsIn(chosen) }, options, session);
  refuseBases(survey, new Set(chosen.flatMap(ownOf)), names);
  await settle(survey, options, session);
}

/** Make images and all that they stand on. */
export async function makeAll(names: readonly string[], options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const chosen = imagesNamed(names, images);
  await settle(
    await lookAround({ images: basesOf(chosen, images), wanted: chainsIn(chosen) }, options, session),
    options,
    session,
  );
}

/** Make every image that there is a recipe of. */
export async function makeFound(options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  await settle(await lookAround({ images, wanted: chainsIn(images) }, options, session), options, session);
}

/** Make anew what there is of the images, as far as anything that it is made of has changed. */
export async function updateAll(options: UpdateOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const { folder } = await import("./making-modules.ts").then(({ modulesFolder }) => modulesFolder(options));
  const there = new Set(await folder.names());
  const existing = images.filter((image) => ownOf(image).some((chain) => there.has(chain)));
  const wanted = new Set(images.flatMap((image) => ownedAndBelow(image, there)));
  if (existing.length === 0)
    throw new Failure("usage", `${resolve(options.output)} has no module that a recipe here makes`, {
      remedy: "livewright makefound",
    });
  await settle(await lookAround({ images: basesOf(existing, images), wanted }, options, session), options, session);
}

const chainsIn = (images: readonly Image[]): ReadonlySet<string> =>
  new Set(images.flatMap(({ layers }) => chainsOf(layers)));

/** What is there of an image, and everything that it stands on. */
function ownedAndBelow(image: Image, there: ReadonlySet<string>): readonly string[] {
  const chains = chainsOf(image.layers);
  const topmost = chains.findLastIndex((chain) => there.has(chain) && ownOf(image).includes(chain));
  return chains.slice(0, topmost + 1);
}

/** A base that only needs to be taken from the cache costs nothing; one that is stale or has to be built is another's to decide. */
function refuseBases({ verdicts, standings }: Survey, own: ReadonlySet<string>, names: readonly string[]): void {
  const lacking = verdicts.filter(({ module, fate }) => {
    const absent = isAbsent(standings.get(module.chain));
    return !own.has(module.chain) && (fate === "make" || (fate === "take" && !absent));
  });
  if (lacking.length === 0) return;
  const lines = lacking.map(({ module, why }) => `  ${module.chain}: ${why[0] ?? ""}`);
  throw new Failure(
    "usage",
    [`${names.join(" and ")} cannot be made, for of what it stands on this is not ready:`, ...lines].join("\n"),
    {
      remedy: `livewright makeall ${names.join(" ")}`,
    },
  );
}

const isAbsent = (standing: Standing | undefined): boolean => standing === undefined || standing.is === "absent";
