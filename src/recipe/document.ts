import { Composer, isMap, isScalar, isSeq, LineCounter, Parser, type CST, type ParsedNode } from "yaml";
import { objections } from "./tokens.ts";
import type { MapNode, Node, Scalar, Spot, Tell } from "./tree.ts";

/** A recipe is a page of text; the limit keeps a wrong file from being chewed on. */
export const mostBytes = 32 * 1024;

/** Who wrote the text, and how many columns of its first line come before it. */
export interface Origin {
  readonly file: string;
  readonly root: string;
  readonly indent?: number;
}

/** Read one YAML 1.2 text. Undefined when it cannot be understood; why was told. */
export function readDocument(text: string, origin: Origin, tell: Tell): Node | undefined {
  const lines = new LineCounter();
  const reading: Reading = { tell, spot: spotter(origin, lines) };
  const body = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const tokens = [...new Parser(lines.addNewLine).parse(body)];
  const strange = body.search(strangers);
  if (strange >= 0) return refuse(reading, strange, "a control character has no place in a recipe");
  const { deep, others } = objections(tokens);
  if (deep !== undefined) return refuse(reading, deep.offset, deep.message);
  for (const { offset, message } of others) tell(reading.spot(offset), message);
  return compose(tokens, reading);
}

const strangers = /[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f\uFEFF\uFFFE\uFFFF]/u;

interface Reading {
  readonly tell: Tell;
  readonly spot: (offset: number) => Spot;
}

const spotter =
  ({ file, root, indent = 0 }: Origin, lines: LineCounter) =>
  (offset: number): Spot => {
    const { line, col } = lines.linePos(offset);
    // The counter knows no line of an empty text.
    return { file, root, line: Math.max(line, 1), column: Math.max(col, 1) + (line <= 1 ? indent : 0) };
  };

/** Tell, and give back the nothing that the caller has to give. */
function refuse({ tell, spot }: Reading, offset: number, message: string): Node | undefined {
  tell(spot(offset), message);
  return undefined;
}

function compose(tokens: readonly CST.Token[], reading: Reading): Node | undefined {
  const options = { version: "1.2", schema: "core", uniqueKeys: false, merge: false, prettyErrors: false } as const;
  const [document, second] = [...new Composer<ParsedNode>(options).compose(tokens)];
  if (document === undefined || document.contents === null)
    return refuse(reading, 0, "there is nothing; a recipe is a map of keys, such as name: classroom");
  // The parser guesses how to go on after a fault, and mostly guesses wrong; tabs are sure.
  const told = document.errors.filter(({ code }, at) => at === 0 || code === "TAB_AS_INDENT");
  for (const { pos, code, message } of told) reading.tell(reading.spot(pos[0]), syntaxFaults[code] ?? message);
  if (document.errors.length > 0) return undefined;
  if (second !== undefined) reading.tell(reading.spot(second.range[0]), "a second document begins; a recipe is one");
  return located(document.contents, reading);
}

const syntaxFaults: Readonly<Record<string, string>> = {
  TAB_AS_INDENT: "a tab indents this line; YAML wants blanks",
  BAD_INDENT: "the indentation fits nothing above",
  BLOCK_AS_IMPLICIT_KEY:
    "inside this value another key follows; check the indentation of the next line, and quote text that holds a colon",
  MULTILINE_IMPLICIT_KEY: "a key goes over several lines; is a colon or a quote missing?",
};

function located(node: ParsedNode, reading: Reading): Node {
  const spot = reading.spot(node.range[0]);
  if (isScalar(node)) return scalar(node.value, node.source, spot, reading);
  if (isSeq(node)) return { kind: "list", spot, items: node.items.map((item) => located(item, reading)) };
  return isMap(node) ? map(node, spot, reading) : nothing(spot);
}

function scalar(value: unknown, source: string, spot: Spot, { tell }: Reading): Node {
  if (typeof value === "number" && /^[-+]?0[0-9]/u.test(source))
    tell(spot, `${source} begins with a zero; is it a number, or text that wants quotes?`);
  // A tag, which was objected to, may have made something else of it.
  return {
    kind: "scalar",
    spot,
    value: typeof value === "object" && value !== null ? source : (value as Scalar),
    source,
  };
}

/** An alias, which was objected to, and a value left out. */
const nothing = (spot: Spot): Node => ({ kind: "scalar", spot, value: null, source: "" });

interface Mapping {
  readonly items: readonly { readonly key: ParsedNode; readonly value: ParsedNode | null }[];
}

function map({ items }: Mapping, spot: Spot, reading: Reading): MapNode {
  const entries = new Map<string, { key: Spot; node: Node }>();
  for (const { key, value } of items) {
    const at = reading.spot(key.range[0]);
    const name = isScalar(key) ? key.source : undefined;
    const first = name === undefined ? undefined : entries.get(name);
    if (name === undefined) reading.tell(at, "a key is a word, not a list, a map or an alias");
    else if (name === "") reading.tell(at, "a key is missing before this colon");
    else if (first !== undefined) reading.tell(at, `${name} is said twice; first in line ${String(first.key.line)}`);
    else entries.set(name, { key: at, node: value === null ? nothing(at) : located(value, reading) });
  }
  return { kind: "map", spot, entries };
}
