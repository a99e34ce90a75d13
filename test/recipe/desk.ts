import { posix } from "node:path";
import { loadRecipe, type LoadedRecipe, type ReadSource, type Seen } from "../../src/recipe/load.ts";

/** Files by absolute path: text or bytes; a program's text begins with #!; a folder's path ends with a slash. */
export type Files = Readonly<Record<string, string | Uint8Array>>;

/** A person's folder is /desk, the program's /program; two recipes and a theme ship. */
const shipped: Files = {
  "/program/recipes/plain.yaml": "name: plain\nsuite: bookworm\n",
  "/program/recipes/full.yaml": [
    "name: full",
    "suite: bookworm",
    "firmware: true",
    "user: { password: live }",
    "keyboard: { layout: de, variant: nodeadkeys }",
    "squashfs: { compression: zstd, level: 19 }",
    "kernel: { arguments: [quiet, splash] }",
    "layers:",
    "  - name: first",
    "    packages: [less]",
    "",
  ].join("\n"),
  "/program/themes/calm/": "",
  "/program/themes/contrast/": "",
};

export function sourceOf(files: Files): ReadSource {
  const all: Files = { ...shipped, ...files };
  const folders = new Set(Object.keys(all).flatMap(parents));
  return {
    program: "/program",
    here: "/desk",
    read: (path) => bytesOf(all[path] ?? ""),
    list: (folder) => [...new Set(Object.keys(all).flatMap((path) => nameIn(folder, path)))].sort(),
    look: (path): Seen | undefined => {
      const content = all[path];
      if (content === undefined) return folders.has(path) ? { kind: "folder" } : undefined;
      return { kind: "file", bytes: bytesOf(content).length, executable: String(content).startsWith("#!") };
    },
  };
}

const bytesOf = (content: string | Uint8Array): Uint8Array =>
  typeof content === "string" ? new TextEncoder().encode(content) : content;

const parents = (path: string): readonly string[] =>
  path === "/" ? ["/"] : [posix.dirname(`${path}x`), ...parents(posix.dirname(path))];

const nameIn = (folder: string, path: string): readonly string[] =>
  path.startsWith(`${folder}/`) ? [path.slice(folder.length + 1).split("/")[0] ?? ""] : [];

/** Load /desk/recipe.yaml. */
export const load = (
  text: string | Uint8Array,
  more: { readonly sets?: readonly string[]; readonly files?: Files } = {},
): LoadedRecipe =>
  loadRecipe({
    name: "recipe.yaml",
    sets: more.sets ?? [],
    read: sourceOf({ "/desk/recipe.yaml": text, ...more.files }),
  });

/** What is wrong with it, one fault a line. */
export function faultsOf(
  text: string | Uint8Array,
  more: { readonly sets?: readonly string[]; readonly files?: Files } = {},
): readonly string[] {
  try {
    load(text, more);
  } catch (error) {
    const { code, message } = error as { code?: string; message: string };
    if (code !== "recipe-invalid") throw error;
    return message.split("\n");
  }
  return [];
}
