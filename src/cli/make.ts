import { Failure } from "../failure.ts";
import { ownOf } from "../workshop/image.ts";
import { chainsIn, lookAround, settle, type Survey } from "./making-modules.ts";
import type { MakeOptions } from "./options.ts";
import type { Session } from "./session.ts";
import { basesOf, imagesNamed, openWorkshop } from "./workshop.ts";

/** Make the modules of images, each on the modules below it, which have to be there. */
export async function make(names: readonly string[], options: MakeOptions, session: Session): Promise<void> {
  const images = await openWorkshop(options.in);
  const chosen = imagesNamed(names, images);
  const survey = await lookAround({ images: basesOf(chosen, images), wanted: chainsIn(chosen) }, options, session);
  refuseBases(survey, new Set(chosen.flatMap(ownOf)), names);
  await settle(survey, options, session);
}

/** A base that only needs to be taken from the cache costs nothing; one that is stale or has to be built is another's to decide. */
function refuseBases({ verdicts, standings }: Survey, own: ReadonlySet<string>, names: readonly string[]): void {
  const lacking = verdicts.filter(({ module, fate }) => {
    const absent = standings.get(module.chain)?.is === "absent";
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
