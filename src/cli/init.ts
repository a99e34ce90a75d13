import { constants } from "node:fs";
import { copyFile, mkdir, readFile, writeFile } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { Failure } from "../failure.ts";
import { shippedNames } from "../recipe/chain.ts";
import { didYouMean } from "../recipe/suggest.ts";
import { exists } from "../system/files.ts";
import { programRoot } from "./about.ts";
import type { InitOptions } from "./options.ts";
import { filesHere } from "./recipe-source.ts";
import type { Session } from "./session.ts";

/** What `init` writes, and where it ships. */
const parts = {
  "recipe.yaml": "recipes/template/recipe.yaml",
  "recipe.schema.json": "recipes/recipe.schema.json",
  "hooks/shorten-boot": "recipes/template/hooks/shorten-boot",
  "overlay/etc/motd": "recipes/template/overlay/etc/motd",
} as const;

/** Write a recipe to start from, with an example of a hook and of files to lay over. Nothing is overwritten. */
export async function init(folder: string, { template }: InitOptions, session: Session): Promise<void> {
  const shipped = shippedNames(filesHere());
  if (!shipped.includes(template))
    throw new Failure(
      "usage",
      `${template} is no recipe that ships (${shipped.join(", ")})${didYouMean(template, shipped)}`,
    );
  const target = resolve(folder);
  await refuseOverwriting(target);
  for (const [name, from] of Object.entries(parts)) {
    await mkdir(dirname(join(target, name)), { recursive: true });
    if (name !== "recipe.yaml") await copyFile(join(programRoot, from), join(target, name), constants.COPYFILE_EXCL);
  }
  const recipe = join(target, "recipe.yaml");
  const text = await readFile(join(programRoot, parts["recipe.yaml"]), "utf8");
  await writeFile(recipe, personal(text, nameOf(target), template), { flag: "wx" });
  session.print(recipe);
  session.report({ kind: "note", text: `next: look at ${recipe}, then: livewright build ${quoted(folder)}` });
}

async function refuseOverwriting(target: string): Promise<void> {
  const paths = Object.keys(parts).map((name) => join(target, name));
  const present = await Promise.all(paths.map(exists));
  const taken = paths.filter((_, at) => present[at]);
  if (taken.length === 0) return;
  throw new Failure("refused", `already there, and not overwritten: ${taken.join(", ")}`, {
    remedy: "name another folder, as in livewright init classroom",
  });
}

/** A recipe's name made of the folder's. */
function nameOf(target: string): string {
  const words = basename(target)
    .toLowerCase()
    .replaceAll(/[^a-z0-9]+/gu, "-");
  const name = words
    .replace(/^[-0-9]+/u, "")
    .slice(0, 30)
    .replace(/-$/u, "");
  return name.length < 2 ? "my-medium" : name;
}

const personal = (text: string, name: string, template: string): string =>
  text
    .replace(/^name: example$/mu, `name: ${name}`)
    .replace(/^extends: standard/mu, `extends: ${template}`)
    .replace(/^ {2}title: Example$/mu, `  title: ${name.charAt(0).toUpperCase()}${name.slice(1)}`);

const quoted = (word: string): string => (/^[\w./-]+$/u.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`);
