import { Failure } from "../failure.ts";
import type { PackageSize, Sizes } from "./weigh.ts";

/** Something that has a limit, and what it weighs. */
export interface Weighed {
  /** "the ISO", "the layer desktop". */
  readonly what: string;
  /** The recipe's key that sets the limit. */
  readonly key: string;
  readonly most: number;
  readonly bytes: number;
  /** Only this layer's packages are to blame. */
  readonly layer?: string;
}

/** How many packages are named. */
const named = 8;

/** Refuse what exceeds its limit, all of it at once, and name the packages that weigh most. */
export function refuseExcess(weighed: readonly Weighed[], { packages }: Pick<Sizes, "packages">): void {
  const over = weighed.filter(({ most, bytes }) => bytes > most);
  if (over.length === 0) return;
  const lines = over.flatMap(({ what, key, most, bytes, layer }) => [
    `${what} has ${mebibytes(bytes)}, ${mebibytes(bytes - most)} more than ${key} allows. Its largest packages:`,
    ...largest(packages, layer).map(({ name, bytes }) => `  ${mebibytes(bytes).padStart(11)}  ${name}`),
  ]);
  throw new Failure("verification-failed", lines.join("\n"), {
    remedy: "leave some of them out, or raise the budget; build.json of a build within it has all packages",
  });
}

const largest = (packages: readonly PackageSize[], layer: string | undefined): readonly PackageSize[] =>
  packages.filter((each) => each.bytes > 0 && (layer === undefined || each.layer === layer)).slice(0, named);

/** The unit of the recipe's M. */
const mebibytes = (bytes: number): string => `${(bytes / 2 ** 20).toFixed(1)} MiB`;
