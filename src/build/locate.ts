import { join } from "node:path";
import { partsOf, type Arg, type Place } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Plan } from "../plan/stage.ts";
import type { Draft } from "./draft.ts";
import type { Site } from "./site.ts";

/** Where places lie on this machine while one stage runs. */
export interface Whereabouts {
  readonly plan: Plan;
  readonly site: Site;
  readonly draft?: Draft;
}

/** An argument as a tool gets it; `find` says how each place is spelled. */
export const spell = (arg: Arg, find: (place: Place) => string): string =>
  partsOf(arg)
    .map((part) => (typeof part === "string" ? part : find(part)))
    .join("");

/** A place's absolute path, or an archive's address. */
export function locate(place: Place, { plan, site, draft }: Whereabouts): string {
  switch (place.at) {
    case "source":
      return join(site.roots[place.root] ?? bug(`no folder is known for ${place.root}`), place.path);
    case "stage":
      return join(site.cache.object(keyOf(plan, place.stage)), place.path);
    case "output":
      return join(draft?.out ?? bug("only a running stage has an output"), place.path);
    case "scratch":
      return join(draft?.scratch ?? bug("only a running stage has room for notes"), place.path);
    case "archive":
      return site.mirrors[place.role] ?? bug(`no address is known for ${place.role}`);
    case "secret":
      return bug("a secret has no path outside a sandbox");
  }
}

export const keyOf = (plan: Plan, name: string): string =>
  plan.stages.find((stage) => stage.name === name)?.key ?? bug(`no stage called ${name} has a key`);

function bug(message: string): never {
  throw new Failure("bug", message);
}
