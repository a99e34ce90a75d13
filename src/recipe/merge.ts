import type { Shape } from "./shape.ts";
import { noded, type ListNode, type MapNode, type Node, type Spot, type Tell, type Way } from "./tree.ts";

/** What a recipe says over what the one it extends says: maps merge, lists that append append, the rest is replaced. */
export function merged(base: Node | undefined, over: Node, shape: Shape | undefined): Node {
  if (base === undefined) return over;
  if (shape?.kind === "list" && shape.appends && base.kind === "list" && over.kind === "list")
    return { ...over, items: [...base.items, ...over.items] };
  if (shape?.kind !== "keys" || base.kind !== "map" || over.kind !== "map") return over;
  const entries = remaining(base, [...over.entries.keys()], shape);
  for (const [key, { key: spot, node }] of over.entries)
    entries.set(key, { key: spot, node: merged(entries.get(key)?.node, node, inner(shape, key)) });
  return { ...over, entries };
}

/** Entries of the base that the keys said over them leave standing. */
function remaining(base: MapNode, said: readonly string[], shape?: Shape): Map<string, { key: Spot; node: Node }> {
  const displaces = shape?.kind === "keys" ? (shape.displaces ?? {}) : {};
  const gone = new Set(said.flatMap((key) => (Object.hasOwn(displaces, key) ? (displaces[key] ?? []) : [])));
  return new Map([...base.entries].filter(([key]) => !gone.has(key)));
}

const inner = (shape: Shape | undefined, key: string): Shape | undefined =>
  shape?.kind === "keys" && Object.hasOwn(shape.keys, key) ? shape.keys[key] : undefined;

/** One `--set`: the part at the end of the way becomes the value. */
export interface Setting {
  readonly way: Way;
  readonly value: Node;
}

/** The tree with one part set. Maps merge; a list, that of the layers too, is replaced. */
export function placed(base: Node | undefined, { way, value }: Setting, shape: Shape | undefined, tell: Tell): Node {
  const [step, ...rest] = way;
  if (step === undefined) return shape?.kind === "list" ? value : merged(base, value, shape);
  const below = { way: rest, value };
  if (typeof step === "number") return placedInList(base, step, below, shape, tell);
  const map: MapNode = base?.kind === "map" ? base : { kind: "map", spot: value.spot, entries: new Map() };
  const entries = remaining(map, [step], shape);
  const old = entries.get(step);
  const node = placed(old?.node, below, inner(shape, step), tell);
  return { ...map, entries: entries.set(step, { key: old?.key ?? value.spot, node }) };
}

function placedInList(base: Node | undefined, at: number, below: Setting, shape: Shape | undefined, tell: Tell): Node {
  const { spot } = below.value;
  const usual = shape?.kind === "list" ? (shape.default ?? []) : [];
  const list: ListNode =
    base?.kind === "list" ? base : { kind: "list", spot, items: usual.map((value) => noded(value, spot)) };
  const has = list.items.length;
  if (at > has) {
    tell(
      below.value.spot,
      `there is no item [${String(at)}]; the list has ${String(has)}, and [${String(has)}] adds one`,
    );
    return list;
  }
  const item = placed(list.items[at], below, shape?.kind === "list" ? shape.item : undefined, tell);
  return { ...list, items: [...list.items.slice(0, at), item, ...list.items.slice(at + 1)] };
}
