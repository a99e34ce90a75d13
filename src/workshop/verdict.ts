import type { ModuleRecord } from "../netboot/record.ts";
import { chainsOf, ownOf, type Image } from "./image.ts";
import { differences, type PlannedModule } from "./planned.ts";

/** What a folder of modules has under a module's name. */
export type Standing =
  | { readonly is: "absent"; readonly why: string }
  /** It was put there by another hand, or by hand out of this program's sight. */
  | { readonly is: "strange"; readonly why: string }
  | {
      readonly is: "ours";
      readonly record: ModuleRecord;
      readonly key: string;
      readonly own: Readonly<Record<string, string>>;
      /** In what its files are not as they were made. */
      readonly faults: readonly string[];
    };

/**
 * What becomes of a module: it is current; it is taken from the cache; it is made; or it stays as it is, and is said to stand on
 * what is below it now.
 */
export type Fate = "current" | "take" | "make" | "restack";

export interface Verdict {
  readonly module: PlannedModule;
  readonly fate: Fate;
  /** Why it is not current; none where it is. */
  readonly why: readonly string[];
}

/** Judge modules, lowest first, by what the folder and the cache have. */
export function judge(
  modules: readonly PlannedModule[],
  standings: ReadonlyMap<string, Standing>,
  cached: (key: string) => boolean,
): readonly Verdict[] {
  const stale = new Set<string>();
  return modules.map((module): Verdict => {
    const why = whyNot(module, standings, stale);
    if (why.length === 0) return { module, fate: "current", why };
    stale.add(module.chain);
    return { module, fate: cached(module.key) ? "take" : "make", why };
  });
}

function whyNot(
  { chain, parent, key, own }: PlannedModule,
  standings: ReadonlyMap<string, Standing>,
  stale: ReadonlySet<string>,
): readonly string[] {
  const standing = standings.get(chain);
  if (standing?.is !== "ours") return [standing?.why ?? "it is not there"];
  const below = parent === undefined ? undefined : standings.get(parent);
  const changed = standing.key === key ? [] : differences(standing.own, own);
  const stands = below?.is === "ours" && !standsOn(standing.record, below.record);
  if (changed.length + standing.faults.length > 0) return [...changed, ...standing.faults];
  if (standing.key !== key)
    return [
      parent !== undefined && stale.has(parent)
        ? `${parent} is made anew`
        : `${parent ?? "what is below"} was made anew`,
    ];
  return stands && !stale.has(parent ?? "") ? [`it stands on another ${parent ?? ""} than there is`] : [];
}

/** Whether a module stands on this one, and on the same below it. */
export const standsOn = (upper: ModuleRecord, lower: ModuleRecord): boolean =>
  upper.below.join() === [...lower.below, lower.sha256].join();

/**
 * Images that hold only configuration need not be made anew when only what they stand on has changed, unless one stands on them
 * that is made anew. Their modules are restacked instead, or are current if they were restacked before.
 */
export function keptConfiguration(
  verdicts: readonly Verdict[],
  images: readonly Image[],
  standings: ReadonlyMap<string, Standing>,
): readonly Verdict[] {
  const judged = new Map(verdicts.map((verdict) => [verdict.module.chain, verdict]));
  const wanted = (image: Image): readonly string[] => ownOf(image).filter((chain) => judged.has(chain));
  const kept = new Set<Image>();
  for (const image of [...images].sort((a, b) => b.layers.length - a.layers.length)) {
    const own = wanted(image);
    const above = images.filter(
      (other) => other !== image && wanted(other).length > 0 && standsOnOne(other, ownOf(image)),
    );
    const keepable = own.length > 0 && own.every((chain) => isKeepable(judged.get(chain), standings));
    if (keepable && above.every((other) => kept.has(other))) kept.add(image);
  }
  const chains = new Set([...kept].flatMap(wanted));
  const moved = new Set<string>();
  return verdicts.map((verdict) => {
    const { chain, parent = "" } = verdict.module;
    const stays = chains.has(chain) && verdict.fate !== "current";
    const fits = stays && !moved.has(parent) && fitsOn(standings.get(chain), standings.get(parent));
    const fate = fits ? "current" : stays ? "restack" : verdict.fate;
    if (fate !== "current") moved.add(chain);
    return { ...verdict, fate, why: fits ? [] : verdict.why };
  });
}

const standsOnOne = ({ layers }: Image, chains: readonly string[]): boolean =>
  chainsOf(layers).some((chain) => chains.includes(chain));

const fitsOn = (upper: Standing | undefined, lower: Standing | undefined): boolean =>
  upper?.is === "ours" && lower?.is === "ours" && standsOn(upper.record, lower.record);

/** It is there and whole, holds only configuration, and nothing of its own has changed. */
function isKeepable(verdict: Verdict | undefined, standings: ReadonlyMap<string, Standing>): boolean {
  const standing = standings.get(verdict?.module.chain ?? "");
  return (
    verdict !== undefined &&
    standing?.is === "ours" &&
    standing.record.configuration &&
    standing.faults.length === 0 &&
    differences(standing.own, verdict.module.own).length === 0
  );
}
