import type { ModuleRecord } from "../netboot/record.ts";
import { ownOf, type Image } from "./image.ts";
import { differences, type PlannedModule } from "./planned.ts";

/** What a folder of modules has under a module's name. */
export type Standing =
  | { readonly is: "absent" }
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
  if (standing?.is !== "ours") return ["it is not there"];
  const below = parent === undefined ? undefined : standings.get(parent);
  const changed = standing.key === key ? [] : differences(standing.own, own);
  const stands = below?.is === "ours" && !standsOn(standing.record, below.record);
  if (changed.length + standing.faults.length > 0) return [...changed, ...standing.faults];
  if (standing.key !== key)
    return [parent !== undefined && stale.has(parent) ? `${parent} is made anew` : `${parent ?? "what is below"} was made anew`];
  return stands && !stale.has(parent ?? "") ? [`it stands on another ${parent ?? ""} than there is`] : [];
}

/** Whether a module stands on this one, and on the same below it. */
export const standsOn = (upper: ModuleRecord, lower: ModuleRecord): boolean =>
  upper.below.join() === [...lower.below, lower.sha256].join();

/**
 * Images that hold only configuration need not be made anew when only what they stand on has changed, unless one that installs
 * packages stands on them and is made anew. Their modules get another fate: they are restacked, or current if they were already.
 */
export function keptConfiguration(
  verdicts: readonly Verdict[],
  images: readonly Image[],
  standings: ReadonlyMap<string, Standing>,
): readonly Verdict[] {
  const byChain = new Map(verdicts.map((verdict) => [verdict.module.chain, verdict]));
  const kept = new Set<string>();
  const parts = ({ layers, inherited }: Image): readonly string[] =>
    ownOf({ name: "", file: "", layers, inherited }).filter((chain) => byChain.has(chain));
  for (const image of [...images].sort((a, b) => b.layers.length - a.layers.length)) {
    const own = parts(image);
    const above = images.filter((other) => other !== image && own.slice(0, -1).some((chain) => carries(other, chain)));
    const all = own.every((chain) => keeps(byChain.get(chain), standings));
    if (own.length > 0 && all && above.every(({ name }) => kept.has(name) || !wants(name, images, byChain))) kept.add(image.name);
  }
  const keptChains = new Set(images.filter(({ name }) => kept.has(name)).flatMap(parts));
  return verdicts.map((verdict) =>
    keptChains.has(verdict.module.chain) && verdict.fate !== "current" ? { ...verdict, fate: "restack" } : verdict,
  );
}

const carries = ({ layers }: Image, chain: string): boolean => layers.join("-").startsWith(`${chain}-`);

const wants = (name: string, images: readonly Image[], byChain: ReadonlyMap<string, Verdict>): boolean =>
  images.some((image) => image.name === name && ownOf(image).some((chain) => byChain.has(chain)));

/** It is there and whole, holds only configuration, and nothing of its own has changed. */
function keeps(verdict: Verdict | undefined, standings: ReadonlyMap<string, Standing>): boolean {
  const standing = standings.get(verdict?.module.chain ?? "");
  return (
    verdict !== undefined &&
    standing?.is === "ours" &&
    standing.record.configuration &&
    standing.faults.length === 0 &&
    differences(standing.own, verdict.module.own).length === 0
  );
}
