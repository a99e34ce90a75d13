import { join } from "node:path/posix";
import type { SourcePlace } from "../command.ts";
import type { ReadSource } from "./chain.ts";
import { placer, themeOf } from "./decode.ts";
import { recipeKeys, type Wish } from "./keys.ts";
import type { Path, Shape } from "./shape.ts";
import { didYouMean } from "./suggest.ts";
import { nearest, spell, type Node, type Tell, type Way } from "./tree.ts";

interface Looking {
  readonly read: ReadSource;
  /** Absolute folder of each root. */
  readonly roots: Readonly<Record<string, string>>;
}

/** Every file and folder that a recipe names must be there, and hooks executable. */
export function checkFiles(wish: Wish, tree: Node, looking: Looking, tell: Tell): void {
  const place = placer(tree);
  for (const { way, path, expects } of pathsIn(recipeKeys, tree, [])) {
    const complaint = amiss(place(way, path), expects, looking);
    if (complaint !== undefined) tell(nearest(tree, way).spot, `${spell(tree, way)}: ${path} ${complaint}`);
  }
  checkTheme(wish.menu.theme, tree, looking, tell);
}

interface Named {
  readonly way: Way;
  readonly path: string;
  readonly expects: Path["expects"];
}

/** All paths that the tree names, with what each should lead to. */
function pathsIn(shape: Shape | undefined, node: Node, way: Way): readonly Named[] {
  if (shape?.kind === "path" && node.kind === "scalar")
    return [{ way, path: String(node.value), expects: shape.expects }];
  if (shape?.kind === "list" && node.kind === "list")
    return node.items.flatMap((item, at) => pathsIn(shape.item, item, [...way, at]));
  if (shape?.kind !== "keys" || node.kind !== "map") return [];
  return [...node.entries].flatMap(([key, inner]) => pathsIn(shape.keys[key], inner.node, [...way, key]));
}

function amiss({ root, path }: SourcePlace, expects: Path["expects"], { read, roots }: Looking): string | undefined {
  const folder = roots[root] ?? "/";
  const seen = read.look(join(folder, path));
  if (seen === undefined) return `does not exist in ${folder}`;
  if (expects === "folder") return seen.kind === "folder" ? undefined : "is not a folder";
  if (seen.kind !== "file") return "is not a file";
  return expects === "program" && !seen.executable ? `is not executable; chmod +x ${join(folder, path)}` : undefined;
}

function checkTheme(name: string, tree: Node, looking: Looking, tell: Tell): void {
  const theme = themeOf(name, placer(tree));
  if (amiss(theme, "folder", looking) === undefined) return;
  const shipped = looking.read.list(join(looking.read.program, "themes"));
  const hint = theme.root === "program" ? `; known: ${shipped.join(", ")}${didYouMean(name, shipped)}` : "";
  tell(nearest(tree, ["menu", "theme"]).spot, `menu.theme: there is no theme ${name}${hint}`);
}
