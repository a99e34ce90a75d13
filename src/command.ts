/**
 * A path named by meaning. Plans and cache keys therefore never contain this machine's directories.
 *
 * `source`: a file or folder the user or the program brings; `root` says whose ("program" or the name of a recipe file's folder).
 * `stage`: something inside another stage's finished output. `output`: inside the running stage's own draft.
 * `archive`: a package archive, spelled as its address when a tool runs, identified by its signed Release file in keys.
 */
export type Place =
  | { readonly at: "source"; readonly root: string; readonly path: string }
  | { readonly at: "stage"; readonly stage: string; readonly path: string }
  | { readonly at: "output"; readonly path: string }
  | { readonly at: "archive"; readonly role: string };

export type SourcePlace = Extract<Place, { at: "source" }>;

export type Part = string | Place;

/** One argument: text, a place, or several of them joined, as in `live/base.squashfs=PLACE`. */
export type Arg = Part | { readonly join: readonly Part[] };

/** A program to run, as a value: it can be printed, compared and hashed before anything happens. */
export interface Command {
  readonly tool: string;
  readonly args: readonly Arg[];
  /** Added to the short environment every tool gets. */
  readonly env?: Readonly<Record<string, string>>;
}

export const partsOf = (arg: Arg): readonly Part[] => (typeof arg !== "string" && "join" in arg ? arg.join : [arg]);

export const source = (root: string, path: string): SourcePlace => ({ at: "source", root, path });
/** A file that ships with the program, such as a hook or a theme. */
export const shipped = (path: string): SourcePlace => source("program", path);
export const output = (path: string): Place => ({ at: "output", path });
export const from = (stage: string, path: string): Place => ({ at: "stage", stage, path });
export const archive = (role: string): Place => ({ at: "archive", role });
export const joined = (...join: Part[]): Arg => ({ join });
