/** Where something was written. `root` names the folder that paths written there are seen from. */
export interface Spot {
  /** As the person knows it: a file's path, or `--set #1`. */
  readonly file: string;
  readonly root: string;
  readonly line: number;
  readonly column: number;
}

/** One thing wrong with a recipe. */
export interface Fault {
  readonly spot: Spot;
  readonly message: string;
}

export type Tell = (spot: Spot, message: string) => void;

export type Scalar = string | number | boolean | null;

/** What a recipe says, every part with the place where it says so. */
export type Node = ScalarNode | ListNode | MapNode;

export interface ScalarNode {
  readonly kind: "scalar";
  readonly spot: Spot;
  readonly value: Scalar;
  /** As written, quotes aside: 1.10 and 0644 are other numbers than they look. */
  readonly source: string;
}

export interface ListNode {
  readonly kind: "list";
  readonly spot: Spot;
  readonly items: readonly Node[];
}

export interface MapNode {
  readonly kind: "map";
  readonly spot: Spot;
  readonly entries: ReadonlyMap<string, { readonly key: Spot; readonly node: Node }>;
}

/** The way to a part: keys and positions. */
export type Way = readonly (string | number)[];

export const spell = (way: Way): string =>
  way.map((step, at) => (typeof step === "number" ? `[${String(step)}]` : at === 0 ? step : `.${step}`)).join("");

/** The value alone. Maps have no prototype, so that no key means anything to JavaScript. */
export function plain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  const bare = Object.create(null) as Record<string, unknown>;
  for (const [key, { node: inner }] of node.entries) bare[key] = plain(inner);
  return bare;
}

/** The part at the end of the way, or the last one that exists on it. */
export function nearest(node: Node, way: Way): Node {
  const [step, ...rest] = way;
  const inner = step === undefined ? undefined : child(node, step);
  return inner === undefined ? node : nearest(inner, rest);
}

function child(node: Node, step: string | number): Node | undefined {
  if (node.kind === "list") return node.items[Number(step)];
  return node.kind === "map" ? node.entries.get(String(step))?.node : undefined;
}

/** Where the key itself is written, for what is wrong with the key and not with its value. */
export function keySpot(node: Node, way: Way): Spot {
  const holder = nearest(node, way.slice(0, -1));
  const key = holder.kind === "map" ? holder.entries.get(String(way.at(-1)))?.key : undefined;
  return key ?? nearest(node, way).spot;
}

/** The tree without the parts at the ends of these ways; positions mean those before anything was taken away. */
export function without(node: Node, ways: readonly Way[]): Node {
  if (ways.length === 0 || node.kind === "scalar") return node;
  const gone = new Set(ways.filter((way) => way.length === 1).map(([step]) => String(step)));
  const below = (step: string): Way[] =>
    ways.filter((way) => way.length > 1 && String(way[0]) === step).map((way) => way.slice(1));
  if (node.kind === "list")
    return {
      ...node,
      items: node.items.flatMap((item, at) => (gone.has(String(at)) ? [] : [without(item, below(String(at)))])),
    };
  const kept = [...node.entries].filter(([key]) => !gone.has(key));
  return {
    ...node,
    entries: new Map(
      kept.map(([key, { key: spot, node: inner }]) => [key, { key: spot, node: without(inner, below(key)) }]),
    ),
  };
}
