import { recipeKeys } from "./keys.ts";
import { isRequired, type Keys, type Shape } from "./shape.ts";

/** The reference page of the recipe's keys, in Markdown. */
export const reference = (): string => `${introduction}\n${keysOf(recipeKeys, "").join("\n")}`;

const introduction = `<!-- Generated from src/recipe/keys.ts by \`npm run generate\`. -->

# The recipe

A recipe is a YAML 1.2 file that says what a live medium shall contain and how it shall behave. \`livewright init\` writes
one to start from; \`livewright recipes\` lists those that ship (with \`--json\` as
\`{"recipes": [{"name", "suite", "description"}]}\`); \`livewright metapackage\` packs what one installs as a Debian
package. Editors that speak the YAML language server complete and check it, given this first line:

\`\`\`yaml
# yaml-language-server: $schema=recipe.schema.json
\`\`\`

A small one, built with \`livewright build classroom.yaml\`:

\`\`\`yaml
name: classroom
extends: standard # a shipped recipe or a file; lists of layers are appended
suite: bookworm
layers:
  - name: lessons
    tasks: [task-xfce-desktop]
    packages: [htop]
    files: overlay/ # a folder laid over the root
    hooks: [hooks/shorten-boot]
user: { name: user, password: live, sudo: true }
menu: { theme: calm, timeout: 10, title: Classroom }
checks: ["htop --version"] # run in the booted guest by the boot test
\`\`\`

## How recipes build on each other

With \`extends\`, a recipe starts from another. Maps are merged key by key. \`layers\` are appended to those of the other
recipe. Everything else, lists too, replaces what the other says. A key that makes an inherited one meaningless removes
it: \`password-hash\` removes \`password\`, \`compression\` removes \`level\` and \`dictionary\`, a keyboard's \`layout\` removes
its \`variant\`.

\`--set path=value\` sets any key from the command line, as often as needed, after all recipes were merged:

\`\`\`sh
livewright build standard --set suite=trixie --set 'kernel.arguments=[quiet, splash]' --set 'layers[0].packages=[htop]'
\`\`\`

The value is YAML. Lists are replaced by it, maps merged with it; \`layers[2]=…\` adds a third layer to two.

Paths are seen from the folder of the recipe that says them (those in \`--set\`, from the folder you are in) and never
lead out of it; only \`extends\` may name a recipe in a folder above.

## What is refused

Every fault is told at once, as \`file:line:column: message\`, before anything is downloaded; the exit status is 2. A recipe
is at most 32 KiB of UTF-8. Anchors, aliases, merge keys, tags and directives are refused: what you read is what holds.
\`yes\` and \`no\` are text in YAML 1.2; write \`true\` and \`false\`. Versions such as \`1.10\` want quotes.

## Keys
`;

function keysOf(shape: Keys, prefix: string): readonly string[] {
  return Object.entries(shape.keys).flatMap(([key, inner]) => section(inner, prefix === "" ? key : `${prefix}.${key}`));
}

function section(shape: Shape, path: string): readonly string[] {
  const below = shape.kind === "list" ? shape.item : shape;
  const lines = [`### \`${path}\``, "", shape.about, "", ...facts(shape), ""];
  return below.kind === "keys" ? [...lines, ...keysOf(below, shape.kind === "list" ? `${path}[]` : path)] : lines;
}

function facts(shape: Shape): readonly string[] {
  return [
    `- Value: ${valueOf(shape)}.`,
    ...(isRequired(shape) ? ["- Required."] : []),
    ...(shape.default === undefined || isEmpty(shape.default) ? [] : [`- Default: \`${yaml(shape.default)}\``]),
    ...(shape.otherwise === undefined ? [] : [`- Left out: ${shape.otherwise}.`]),
    ...(shape.example === undefined ? [] : [`- Example: \`${shape.example}\``]),
  ];
}

const isEmpty = (value: unknown): boolean => value === "";

function valueOf(shape: Shape): string {
  switch (shape.kind) {
    case "text":
      return shape.must;
    case "path":
      return `${{ file: "a file", folder: "a folder", program: "an executable file" }[shape.expects]} inside the recipe's folder`;
    case "flag":
      return "true or false";
    case "whole":
      return `a whole number from ${String(shape.from)} to ${String(shape.to)}`;
    case "word":
      return `one of ${shape.of.join(", ")}`;
    case "list":
      return `a list, at most ${String(shape.most)} items${shape.item.kind === "keys" ? ", each a map" : `; each ${valueOf(shape.item)}`}`;
    case "keys":
      return "a map of the keys below";
  }
}

function yaml(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(yaml).join(", ")}]`;
  if (typeof value !== "object" || value === null) return String(value);
  return `{ ${Object.entries(value)
    .map(([key, inner]) => `${key}: ${yaml(inner)}`)
    .join(", ")} }`;
}
