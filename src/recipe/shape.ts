/**
 * The vocabulary in which the recipe's keys are described once. The JSON Schema, the validation, the defaults, the
 * reference page and the TypeScript type of a valid recipe file are all computed from such a description.
 */
export type Shape = Text | Path | Flag | Whole | Word | List | Keys;

interface Described {
  /** One or two sentences for editors and the reference page. */
  readonly about: string;
  readonly example?: string;
  /** When it is at fault, the map that holds it says too little to be judged further. */
  readonly essential?: true;
}

/** What holds when the key is left out: it must be there, a default is filled in, or `otherwise` tells what happens. */
type Absence = { readonly otherwise?: string };

export interface Text extends Described, Absence {
  readonly kind: "text";
  /** What a valid value is called, as in `… is not HERE`. */
  readonly must: string;
  readonly pattern: string;
  /** Numbers are welcome too, such as a block size in bytes. */
  readonly orWhole?: true;
  /** Never repeated in a message. */
  readonly secret?: true;
  readonly default?: string;
}

/** A file or folder beside the recipe. */
export interface Path extends Described, Absence {
  readonly kind: "path";
  readonly expects: "file" | "folder" | "program";
  readonly default?: undefined;
}

export interface Flag extends Described, Absence {
  readonly kind: "flag";
  readonly default?: boolean;
}

export interface Whole extends Described, Absence {
  readonly kind: "whole";
  readonly from: number;
  readonly to: number;
  readonly default?: number;
}

export interface Word extends Described, Absence {
  readonly kind: "word";
  readonly of: readonly string[];
  /** What a valid value is called. */
  readonly must: string;
  readonly default?: string;
}

export interface List extends Described, Absence {
  readonly kind: "list";
  readonly item: Shape;
  readonly most: number;
  /** Without it an empty list is welcome. */
  readonly least?: number;
  readonly default?: readonly unknown[];
  /** Items are added to those of the extended recipe instead of replacing them. */
  readonly appends?: true;
}

export interface Keys extends Described, Absence {
  readonly kind: "keys";
  readonly keys: Readonly<Record<string, Shape>>;
  readonly default?: undefined;
  /** Keys that make others, inherited from an extended recipe, meaningless: a hash instead of its password. */
  readonly displaces?: Readonly<Record<string, readonly string[]>>;
  /** Keys that say too little without others. */
  readonly needs?: Readonly<Record<string, readonly string[]>>;
}

/** May the key be missing even after defaults were filled in? */
export const isOptional = (shape: Shape): boolean => shape.otherwise !== undefined;

/** Must a recipe name the key? A list left out is empty, and a map's own defaults fill it. */
export const isRequired = (shape: Shape): boolean =>
  shape.otherwise === undefined && shape.default === undefined && shape.kind !== "list" && !fillsItself(shape);

const fillsItself = (shape: Shape): boolean =>
  shape.kind === "keys" && Object.values(shape.keys).every((inner) => !isRequired(inner));

/** The type of a valid value after defaults were filled in. */
export type Value<S> = S extends { kind: "text"; orWhole: true }
  ? string | number
  : S extends { kind: "text" | "path" }
    ? string
    : S extends { kind: "flag" }
      ? boolean
      : S extends { kind: "whole" }
        ? number
        : S extends { kind: "word"; of: readonly (infer W)[] }
          ? W
          : S extends { kind: "list"; item: infer I }
            ? readonly Value<I>[]
            : S extends { kind: "keys"; keys: infer K }
              ? Filled<K>
              : never;

type OptionalIn<K> = { [P in keyof K]: K[P] extends { otherwise: string } ? P : never }[keyof K];

type Filled<K> = { readonly [P in Exclude<keyof K, OptionalIn<K>>]: Value<K[P]> } & {
  readonly [P in OptionalIn<K>]?: Value<K[P]>;
};

/** Fill in what a valid value left out. */
export function filled(shape: Shape, value: unknown): unknown {
  if (value === undefined) return isOptional(shape) ? undefined : absent(shape);
  if (shape.kind === "list") return (value as readonly unknown[]).map((item) => filled(shape.item, item));
  if (shape.kind !== "keys") return value;
  const given = value as Readonly<Record<string, unknown>>;
  const entries = Object.entries(shape.keys).map(([key, inner]) => [key, filled(inner, given[key])] as const);
  return Object.fromEntries(entries.filter(([, inner]) => inner !== undefined));
}

function absent(shape: Shape): unknown {
  if (shape.kind === "keys") return filled(shape, {});
  if (shape.kind === "list") return (shape.default ?? []).map((item) => filled(shape.item, item));
  return shape.default;
}

type Without<S> = Omit<S, "kind">;

export const text = <const T extends Without<Text>>(wish: T): { readonly kind: "text" } & T => ({
  kind: "text",
  ...wish,
});
export const path = <const T extends Without<Path>>(wish: T): { readonly kind: "path" } & T => ({
  kind: "path",
  ...wish,
});
export const flag = <const T extends Without<Flag>>(wish: T): { readonly kind: "flag" } & T => ({
  kind: "flag",
  ...wish,
});
export const whole = <const T extends Without<Whole>>(wish: T): { readonly kind: "whole" } & T => ({
  kind: "whole",
  ...wish,
});
export const word = <const T extends Without<Word>>(wish: T): { readonly kind: "word" } & T => ({
  kind: "word",
  ...wish,
});
export const list = <const T extends Without<List>>(wish: T): { readonly kind: "list" } & T => ({
  kind: "list",
  ...wish,
});
export const keys = <const T extends Without<Keys>>(wish: T): { readonly kind: "keys" } & T => ({
  kind: "keys",
  ...wish,
});
