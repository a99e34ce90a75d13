import { packageState } from "../netboot/package-state.ts";
import type { ManifestEntry } from "../build/tar/manifest.ts";
import { changeOf, changesBetween, shownBy, type Change, type Layers } from "./changes.ts";
import { hidingOf, type Hiding } from "./hidden.ts";

/** Why a module may not come to stand on another base. */
export interface Conflict {
  readonly path: string;
  readonly why: string;
}

/** What stands against a module on a new base: state of dpkg, and paths that it hides although they have changed below it. */
export function conflictsOf(
  module: readonly ManifestEntry[],
  bases: { readonly old: Layers; readonly new: Layers },
): readonly Conflict[] {
  const after = shownBy(bases.new);
  const changes = changesBetween(shownBy(bases.old), after);
  const inside = foldersOf(changes.keys());
  const own = new Map(module.map((entry) => [entry.path, entry]));
  const merges = (path: string): boolean =>
    after.get(path)?.type === "directory" && changeOf(own.get(path), after.get(path)) === undefined;
  return [
    ...stateConflicts(module),
    ...hidingOf(module).flatMap((hiding) => {
      const { path, of, shows } = hiding;
      if (of === "attributes") return merges(path) ? [] : changed([path], hiding, changes);
      const hidden = [path, ...(inside.get(path) ?? [])];
      const shown = shows === undefined ? [] : [shows, ...(inside.get(shows) ?? [])];
      return changed([...hidden, ...shown], hiding, changes);
    }),
  ].filter(firstOfItsPath());
}

/** Those of the paths that have changed, each with what the module does about it. */
const changed = (paths: readonly string[], { path: by, how }: Hiding, changes: Changes): readonly Conflict[] =>
  paths.flatMap((path) => {
    const change = changes.get(path);
    const at = path === by ? "" : ` at ${by}`;
    return change === undefined ? [] : [{ path, why: `it ${change} in the base, and the module ${how}${at}` }];
  });

/**
 * The same when nobody knows the old base: whatever both the module and the new base have may have changed. Folders that merge
 * with equal attributes are the same whatever was there before.
 */
export function strictConflictsOf(module: readonly ManifestEntry[], base: Layers): readonly Conflict[] {
  const after = shownBy(base);
  const own = new Map(module.map((entry) => [entry.path, entry]));
  const below = foldersOf(after.keys());
  return [
    ...stateConflicts(module),
    ...hidingOf(module).flatMap(({ path, of, how, shows }): readonly Conflict[] => {
      const [is, mine] = [after.get(path), own.get(path)];
      const merged =
        of === "attributes" && (is === undefined || (is.type === "directory" && changeOf(mine, is) === undefined));
      const why = `the module ${how}, and the new base has it too`;
      const here = is === undefined || merged ? [] : [{ path, why }];
      const inside = of === "everything" ? (below.get(path) ?? []) : [];
      const shown =
        shows !== undefined && after.has(shows) ? [{ path: shows, why: `the module shows it as ${path}` }] : [];
      return [...here, ...inside.map((each) => ({ path: each, why: `the module ${how} at ${path}` })), ...shown];
    }),
  ].filter(firstOfItsPath());
}

const stateConflicts = (module: readonly ManifestEntry[]): readonly Conflict[] =>
  packageState(module).map((path) => ({
    path,
    why: "the module holds what dpkg knows, which is true only of the base that it was made on",
  }));

type Changes = ReadonlyMap<string, Change>;

/** Paths that are in a folder, at any depth, by that folder. */
function foldersOf(paths: Iterable<string>): ReadonlyMap<string, readonly string[]> {
  const inside = new Map<string, string[]>();
  for (const path of paths)
    for (let at = path.lastIndexOf("/"); at > 0; at = path.lastIndexOf("/", at - 1)) {
      const folder = path.slice(0, at);
      const known = inside.get(folder);
      if (known === undefined) inside.set(folder, [path]);
      else known.push(path);
    }
  return inside;
}

function firstOfItsPath(): (conflict: Conflict) => boolean {
  const seen = new Set<string>();
  return ({ path }) => !seen.has(path) && seen.add(path).has(path);
}
