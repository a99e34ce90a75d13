import { Failure } from "../failure.ts";
import { offered, type Entry, type Firmware, type Menu } from "../medium.ts";

/** How to reach an entry: at each level of the menu, how many steps below its first entry. */
export interface Route {
  readonly entry: Exclude<Entry, { readonly do: "menu" }>;
  readonly steps: readonly number[];
  /** How many entries the first menu has. A menu of one does not react to the arrow keys. */
  readonly choices: number;
}

/** Find an entry by name in the menu that a firmware shows; without a name, the first that starts something. */
export function routeTo(menu: Menu, firmware: Firmware, name?: string): Route {
  const shown = offered(menu.entries, firmware);
  const found = search(shown, name);
  if (found !== undefined) return { ...found, choices: shown.length };
  const names = namesOf(shown);
  throw new Failure("usage", `the ${firmware} menu of this medium has no entry "${name ?? ""}"`, {
    remedy: names.length === 0 ? undefined : `it has: ${names.join(", ")}`,
  });
}

function search(entries: readonly Entry[], name: string | undefined): Omit<Route, "choices"> | undefined {
  for (const [index, entry] of entries.entries()) {
    if (entry.do === "menu") {
      const inner = search(entry.entries, name);
      if (inner !== undefined) return { entry: inner.entry, steps: [index, ...inner.steps] };
    } else if (name === undefined || entry.name === name) return { entry, steps: [index] };
  }
  return undefined;
}

/** The names of all entries that start something, in order. */
export const namesOf = (entries: readonly Entry[]): readonly string[] =>
  entries.flatMap((entry) => (entry.do === "menu" ? namesOf(entry.entries) : [entry.name]));
