import type { ErrorObject } from "ajv";
import { recipeKeys } from "./keys.ts";
import { isRequired, type Shape, type Word } from "./shape.ts";
import { didYouMean } from "./suggest.ts";
import { keySpot, nearest, plain, spell, without, type Node, type ScalarNode, type Tell, type Way } from "./tree.ts";
import { validate } from "./validator.ts";

/** What ajv says of a fault, as far as we tell it. */
type SchemaFault = Pick<ErrorObject, "instancePath" | "keyword" | "params">;

/** More faults than anybody would read at once; with as many a recipe is not looked at further. */
export const enough = 100;

/** What the schema leaves of a tree. */
interface Remains {
  /** All that is not itself at fault: enough to look for the files it names. */
  readonly rest: Node;
  /** The same without maps that lost a key they need, so that it is a valid recipe but for its name. */
  readonly sound: Node;
}

/** Tell what in the tree the schema does not allow, and give back what remains of it. */
export function validated(tree: Node, tell: Tell): Remains | undefined {
  if (validate(plain(tree))) return { rest: tree, sound: tree };
  const errors = (validate.errors ?? []).slice(0, enough).map((error) => ({ error, way: wayOf(error, tree) }));
  for (const { error, way } of errors) tellOne(error, way, tree, tell);
  if (errors.length === enough) return undefined;
  const ways = errors.map(({ way }) => way);
  return { rest: without(tree, ways), sound: without(tree, ways.map(withItsHolder)) };
}

/** The way to what cannot stay when this part goes. */
function withItsHolder(way: Way): Way {
  const shape = shapeAt(way);
  const holder = way.slice(0, -1);
  return shape !== undefined &&
    holder.length > 0 &&
    typeof way.at(-1) === "string" &&
    (isRequired(shape) || shape.essential)
    ? withItsHolder(holder)
    : way;
}

/** The way to the part at fault; for an unknown key that is the key's. */
function wayOf({ instancePath, keyword, params }: SchemaFault, tree: Node): Way {
  const names = instancePath
    .split("/")
    .slice(1)
    .map((name) => name.replaceAll("~1", "/").replaceAll("~0", "~"));
  const way = names.map((name, at) => (nearest(tree, names.slice(0, at)).kind === "list" ? Number(name) : name));
  return keyword === "additionalProperties" ? [...way, String(params["additionalProperty"])] : way;
}

function tellOne(error: SchemaFault, way: Way, tree: Node, tell: Tell): void {
  const node = nearest(tree, way);
  const shape = shapeAt(way);
  const where = spell(tree, way);
  switch (error.keyword) {
    case "additionalProperties":
      tell(keySpot(tree, way), unknownKey(tree, way));
      return;
    case "required":
    case "dependencies":
      tell(node.spot, `${where === "" ? "the recipe" : where} lacks ${String(error.params["missingProperty"])}`);
      return;
    case "maxItems":
      tell(node.spot, `${where} has more than ${String(error.params["limit"])} items`);
      return;
    case "minItems":
      tell(node.spot, `${where} has fewer items than ${String(error.params["limit"])}`);
      return;
    default:
      tell(node.spot, `${where}: ${nonsense(shape, node)}`);
  }
}

function unknownKey(tree: Node, way: Way): string {
  const [name, holder] = [String(way.at(-1)), shapeAt(way.slice(0, -1))];
  if (name === "<<") return "<< merges maps in YAML 1.1 only; a recipe builds on another by extends";
  const known = holder?.kind === "keys" ? Object.keys(holder.keys) : [];
  const elsewhere = allKeys(recipeKeys).find((path) => path.endsWith(`.${name}`));
  const hint = didYouMean(name, known) || (elsewhere === undefined ? "" : `; did you mean ${elsewhere}?`);
  const list = known.length > 12 ? "; docs/recipe.md tells them all" : `; known here: ${known.join(", ")}`;
  return `${shortened(spell(tree, way))} is not a key of a recipe${hint || list}`;
}

function nonsense(shape: Shape | undefined, node: Node): string {
  if (node.kind === "scalar" && node.value === null) return "there is no value; give one, or leave the key out";
  const said = shape?.kind === "text" && shape.secret ? "what is written here" : quoted(node);
  return `${said} ${shape === undefined ? "is not valid" : complaint(shape, node)}`;
}

function complaint(shape: Shape, node: Node): string {
  switch (shape.kind) {
    case "text":
      return node.kind === "scalar" && typeof node.value !== "string" ? unquoted(node) : `is not ${shape.must}`;
    case "path":
      return node.kind === "scalar" && typeof node.value !== "string"
        ? unquoted(node)
        : "is not a path inside the recipe's folder: relative, without ..";
    case "flag":
      return `is neither true nor false${yesOrNo(node)}`;
    case "whole":
      return `is not a whole number from ${String(shape.from)} to ${String(shape.to)}`;
    case "word":
      return `is not ${shape.must}; known: ${shape.of.join(", ")}${wordMeant(shape, node)}`;
    case "list":
      return `is not a list${node.kind === "scalar" && node.source !== "" ? `; write [${node.source}]` : ""}`;
    case "keys":
      return `is not a map of keys; known here: ${Object.keys(shape.keys).join(", ")}`;
  }
}

const unquoted = ({ source }: ScalarNode): string => `is not text to YAML; write "${source}" in quotes`;

function yesOrNo(node: Node): string {
  const word = node.kind === "scalar" ? node.source.toLowerCase() : "";
  if (["yes", "on", "y"].includes(word)) return "; did you mean true?";
  return ["no", "off", "n"].includes(word) ? "; did you mean false?" : "";
}

const wordMeant = ({ of }: Word, node: Node): string => (node.kind === "scalar" ? didYouMean(node.source, of) : "");

/** The offending text, shortened, nothing in it that could move a terminal's cursor. */
function quoted(node: Node): string {
  if (node.kind !== "scalar") return `a ${node.kind}`;
  return shortened(typeof node.value === "string" ? JSON.stringify(node.value) : node.source);
}

function shortened(text: string): string {
  const visible = text.replace(
    /[\p{Cc}\p{Cf}\u2028\u2029]/gu,
    (it) => `\\u${it.charCodeAt(0).toString(16).padStart(4, "0")}`,
  );
  return visible.length > 80 ? `${visible.slice(0, 79)}…` : visible;
}

function shapeAt(way: Way): Shape | undefined {
  let shape: Shape | undefined = recipeKeys;
  for (const step of way) {
    if (shape?.kind === "list") shape = shape.item;
    else if (shape?.kind === "keys") shape = Object.hasOwn(shape.keys, step) ? shape.keys[String(step)] : undefined;
    else return undefined;
  }
  return shape;
}

const allKeys = (shape: Shape, prefix = ""): readonly string[] => {
  if (shape.kind === "list") return allKeys(shape.item, `${prefix}[]`);
  if (shape.kind !== "keys") return [];
  return Object.entries(shape.keys).flatMap(([key, inner]) => {
    const path = prefix === "" ? key : `${prefix}.${key}`;
    return [path, ...allKeys(inner, path)];
  });
};
