import { chmod, mkdir, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { Failure } from "../failure.ts";
import { layersOf } from "../plan/layers.ts";
import { firmwarePackages } from "../recipe/firmware.ts";
import type { Recipe } from "../recipe/recipe.ts";
import { copy, exists, publish } from "../system/files.ts";
import { capture, run } from "../system/process.ts";
import { scratch } from "../system/scratch.ts";
import { buildDeb, control, debField, type Metapackage } from "../tools/dpkg.ts";
import type { MetapackageOptions } from "./options.ts";
import { readRecipe } from "./recipe-source.ts";
import type { Session } from "./session.ts";

/** Write the recipe's package set as a metapackage, whose path is the result. */
export async function metapackage(name: string, options: MetapackageOptions, session: Session): Promise<void> {
  const { recipe, warnings } = await readRecipe(name, options.set);
  for (const text of warnings) session.report({ kind: "warning", text });
  const wish = metapackageOf(recipe);
  const folder = resolve(options.output);
  const deb = join(folder, `${wish.name}_${wish.version}_all.deb`);
  await refuseStranger(deb, wish.name, session.signal);
  await mkdir(folder, { recursive: true });
  await pack(wish, deb, session.signal);
  session.print(deb);
}

/** All that the medium installs. Firmware is only recommended: who lacks non-free-firmware can still have the rest. */
export function metapackageOf(recipe: Recipe): Metapackage {
  const firmware = recipe.firmware ? firmwarePackages(recipe.suite) : [];
  const packages = layersOf(recipe).flatMap(({ tasks, packages }) => [...tasks, ...packages]);
  const depends = [...new Set(packages)].filter((name) => !firmware.includes(name)).sort();
  const summary = `packages of the live medium ${recipe.name}`;
  return { name: `${recipe.name}-live-tasks`, version: recipe.version, summary, depends, recommends: firmware };
}

async function pack(wish: Metapackage, deb: string, signal: AbortSignal): Promise<void> {
  await using work = await scratch();
  const tree = join(work.path, "tree");
  const made = join(work.path, "made.deb");
  const folder = join(tree, "DEBIAN");
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, "control"), control(wish));
  // Not as modes above: those the caller's umask would narrow.
  for (const [path, mode] of [
    [tree, 0o755],
    [folder, 0o755],
    [join(folder, "control"), 0o644],
  ] as const)
    await chmod(path, mode);
  const { tool, args, env } = buildDeb({ tree, deb: made, epoch: epoch() });
  await run({ tool, args, env, signal });
  await copy(made, `${deb}.partial`, signal);
  await publish(`${deb}.partial`, deb);
}

/** reproducible-builds.org's variable; without it the start of 1970, so that equal recipes make equal packages. */
function epoch(): number {
  const given = process.env["SOURCE_DATE_EPOCH"] ?? "0";
  if (!/^\d{1,11}$/u.test(given)) throw new Failure("usage", `SOURCE_DATE_EPOCH is not a number of seconds: ${given}`);
  return Number(given);
}

/** What lies there already may be replaced if it is the same metapackage. */
async function refuseStranger(deb: string, name: string, signal: AbortSignal): Promise<void> {
  if (!(await exists(deb))) return;
  const { tool, args } = debField(deb, "Package");
  const found = await capture({ tool, args, signal, accept: [2] });
  if (found.trim() === name) return;
  throw new Failure("refused", `${deb} is there already and is no ${name} package`, {
    remedy: "move it away, or name another folder with -o",
  });
}
