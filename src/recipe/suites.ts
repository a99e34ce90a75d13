/** Debian's releases that are known here, the oldest first. `release` is absent while it has no number yet. */
const known = [
  { codename: "bookworm", release: "12", alias: "oldstable" },
  { codename: "trixie", release: "13", alias: "stable" },
  { codename: "forky", alias: "testing" },
  { codename: "sid", alias: "unstable" },
] as const;

export type Codename = (typeof known)[number]["codename"];

/** Every name that `suite:` accepts for Debian's own archive. */
export const suiteNames: readonly string[] = known.flatMap(({ codename, alias }) => [codename, alias]);

/** The codename that a name or an alias means, if it is one of Debian's. */
export const codenameOf = (suite: string): Codename | undefined =>
  known.find(({ codename, alias }) => suite === codename || suite === alias)?.codename;
