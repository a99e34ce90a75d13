import type { CST } from "yaml";

/** A recipe's own nesting ends at six. */
const deepest = 16;

/** Something at a place of the text that a recipe must not have. */
export interface Objection {
  readonly offset: number;
  readonly message: string;
}

/**
 * What the parser's tokens have that no recipe needs and traps are made of. Composing a document recurses and expands
 * aliases; parsing does neither, and neither does this walk, so that it is safe on any text.
 */
export function objections(tokens: readonly CST.Token[]): {
  readonly deep?: Objection;
  readonly others: readonly Objection[];
} {
  const others: Objection[] = [];
  const open: { readonly token: CST.Token; readonly depth: number }[] = tokens.map((token) => ({ token, depth: 0 }));
  for (let next = open.pop(); next !== undefined; next = open.pop()) {
    const { token, depth } = next;
    if (depth > deepest)
      return { deep: { offset: token.offset, message: `nested more than ${String(deepest)} deep` }, others };
    const objection = objectionTo(token);
    if (objection !== undefined) others.push({ offset: token.offset, message: objection });
    for (const inner of within(token)) open.push({ token: inner, depth: depth + ("items" in token ? 1 : 0) });
  }
  return { others };
}

function objectionTo(token: CST.Token): string | undefined {
  if (token.type === "directive") return "a recipe needs no % directive";
  if (token.type === "alias") return `${token.source}: a recipe has no aliases; write the value out`;
  if (token.type === "anchor") return `${token.source}: a recipe has no anchors; leave it out`;
  return token.type === "tag" ? `${token.source}: a recipe has no tags; put text in quotes` : undefined;
}

function within(token: CST.Token): readonly CST.Token[] {
  if (token.type === "document") return [...token.start, ...present(token.value)];
  if (!("items" in token)) return [];
  const items = token.items as readonly CST.CollectionItem[];
  return items.flatMap(({ start, key, sep, value }) => [...start, ...present(key), ...(sep ?? []), ...present(value)]);
}

const present = (token: CST.Token | null | undefined): readonly CST.Token[] =>
  token === null || token === undefined ? [] : [token];
