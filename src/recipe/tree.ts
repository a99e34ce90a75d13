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
  /** Where the items stood before others were taken away. */
  readonly positions?: readonly number[];
}

export interface MapNode {
  readonly kind: "map";
  readonly spot: Spot;
  readonly entries: ReadonlyMap<string, { readonly key: Spot; readonly node: Node }>;
}

/** The way to a part: keys and positions. */
export type Way = readonly (string | number)[];

/** The way in words, positions as they were written: `layers[0].hooks[1]`. */
export function spell(tree: Node, way: Way): string {
  const [step, ...rest] = way;
  if (step === undefined) return "";
  const inner = child(tree, step) ?? tree;
  const word =
    typeof step === "number" ? `[${String(tree.kind === "list" ? (tree.positions?.[step] ?? step) : step)}]` : step;
  const after = spell(inner, rest);
  return after === "" || after.startsWith("[") ? `${word}${after}` : `${word}.${after}`;
}

/** The value alone. Maps have no prototype, so that no key means anything to JavaScript. */
export function plain(node: Node): unknown {
  if (node.kind === "scalar") return node.value;
  if (node.kind === "list") return node.items.map(plain);
  const bare = Object.create(null) as Record<string, unknown>;
  for (const [key, { node: inner }] of node.entries) bare[key] = plain(inner);
  return bare;
}

/** A value as if it had been written at one spot. */
export function noded(value: unknown, spot: Spot): Node {
  if (Array.isArray(value)) return { kind: "list", spot, items: value.map((item) => noded(item, spot)) };
  if (typeof value !== "object" || value === null)
    return { kind: "scalar", spot, value: value as Scalar, source: String(value) };
  const entries = Object.entries(value).map(([key, inner]) => [key, { key: spot, node: noded(inner, spot) }] as const);
  return { kind: "map", spot, entries: new Map(entries) };
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

/** The tree without the parts at the ends of these ways. */
export function without(node: Node, ways: readonly Way[]): Node {
  if (ways.length === 0 || node.kind === "scalar") return node;
  const gone = new Set(ways.filter((way) => way.length === 1).map(([step]) => String(step)));
  const pruned = (step: string, inner: Node): Node =>
    without(
      inner,
      ways.filter((way) => way.length > 1 && String(way[0]) === step).map((way) => way.slice(1)),
    );
  if (node.kind === "map") {
    const kept = [...node.entries].filter(([key]) => !gone.has(key));
    return {
      ...node,
      entries: new Map(kept.map(([key, entry]) => [key, { ...entry, node: pruned(key, entry.node) }])),
    };
  }
  const kept = node.items
    .map((item, position) => ({ item, position }))
    .filter(({ position }) => !gone.has(String(position)));
  return {
    ...node,
    items: kept.map(({ item, position }) => pruned(String(position), item)),
    positions: kept.map(({ position }) => position),
  };
}
