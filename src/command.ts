/**
 * A path named by meaning. Plans and cache keys therefore never contain this machine's directories.
 *
 * `source`: a file or folder the user or the program brings; `root` says whose ("program" or the name of a recipe file's folder).
 * `stage`: something inside another stage's finished output. `output`: inside the running stage's own draft.
 * `scratch`: a file of the running stage that does not belong to its output. `secret`: text that must not be printed or logged.
 * `archive`: a package archive, spelled as its address when a tool runs, identified by its signed Release file in keys.
 */
export type Place =
  | { readonly at: "source"; readonly root: string; readonly path: string }
  | { readonly at: "stage"; readonly stage: string; readonly path: string }
  | { readonly at: "output"; readonly path: string }
  | { readonly at: "scratch"; readonly path: string }
  | { readonly at: "secret"; readonly name: string }
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
  readonly env?: Readonly<Record<string, Arg>>;
  /** A file for standard input, which is otherwise closed. */
  readonly input?: Place;
  /** Programs of the host that a script runs and whose version shows in what it makes. */
  readonly runs?: readonly string[];
}

export const partsOf = (arg: Arg): readonly Part[] => (typeof arg !== "string" && "join" in arg ? arg.join : [arg]);

export const source = (root: string, path: string): SourcePlace => ({ at: "source", root, path });
/** A file that ships with the program, such as a hook or a theme. */
export const shipped = (path: string): SourcePlace => source("program", path);
export const output = (path: string): Place => ({ at: "output", path });
export const from = (stage: string, path: string): Place => ({ at: "stage", stage, path });
export const scratch = (path: string): Place => ({ at: "scratch", path });
export const secret = (name: string): Place => ({ at: "secret", name });
export const archive = (role: string): Place => ({ at: "archive", role });
export const joined = (...join: Part[]): Arg => ({ join });

/** Several places as one argument, separated by spaces. */
export const spaced = (places: readonly Place[]): Arg => ({
  join: places.flatMap((place, at) => (at === 0 ? [place] : [" ", place])),
});
