import { from, output, scratch, secret, shipped, type Arg } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook, libraryHook } from "../../tools/hook.ts";
import { cleaned, layerStage, sealed, treesBelow } from "../layers.ts";
import { offline } from "../packages.ts";
import { digest } from "../digest.ts";
import { imageSources, keyName, ownKeys } from "../sources.ts";
import type { Facts } from "../facts.ts";
import { rootPath, run, type Stage, type Step } from "../stage.ts";
import { weightOf } from "../weight.ts";
import { keysOf } from "./apt.ts";
import { languageStage, speaking } from "./language.ts";

/** The highest layer: user, names, language and sources, so that another password rebuilds no package (seed 004, point 13). */
export function settings(recipe: Recipe, { archive }: Facts): Stage {
  const room = offline(recipe, treesBelow(recipe, "settings"), output("tree"));
  return {
    name: layerStage("settings"),
    revision: 1,
    bytes: weightOf(recipe, "settings"),
    steps: [
      { do: "write", text: imageSources(recipe, archive), to: scratch("image.sources") },
      ...ownKeys(recipe).map(({ role, key }): Step => ({
        do: "copy",
        from: key,
        to: scratch(`keys/${keyName(role, key)}`),
      })),
      run(libraryHook("settings", rootPath, wishes(recipe)), { in: room }),
      ...(recipe.saveCommand === true ? [run(hook("save-command", rootPath, saving), { in: room })] : []),
      run(cleaned, { in: room }),
      sealed(archive.epoch),
    ],
  };
}

const saving = { LIVEWRIGHT_SAVE: shipped("hooks/guest/livewright-save") };

const wishes = (recipe: Recipe): Readonly<Record<string, Arg>> => ({
  LIVEWRIGHT_IMAGE_SOURCES: scratch("image.sources"),
  ...keysOf(recipe),
  LIVEWRIGHT_USER: recipe.user.name,
  LIVEWRIGHT_USER_FULLNAME: recipe.user.fullname,
  LIVEWRIGHT_USER_SECRET: secret("user"),
  LIVEWRIGHT_USER_SECRET_KIND: recipe.user.secret.kind,
  LIVEWRIGHT_USER_GROUPS: [...(recipe.user.sudo ? ["sudo"] : []), ...recipe.user.groups].join(" "),
  ...(recipe.root.locked
    ? {}
    : { LIVEWRIGHT_ROOT_SECRET: secret("root"), LIVEWRIGHT_ROOT_SECRET_KIND: recipe.root.secret.kind }),
  LIVEWRIGHT_SALT: digest(["salt", recipe.name, recipe.user.name]).slice(0, 16),
  LIVEWRIGHT_HOSTNAME: recipe.hostname,
  ...speaking(recipe),
  LIVEWRIGHT_COMPILED: from(languageStage, "files"),
  LIVEWRIGHT_TIMEZONE: recipe.timezone,
  LIVEWRIGHT_AT_BOOT: shipped("hooks/guest/at-boot"),
  ...(recipe.console.serial === undefined ? {} : { LIVEWRIGHT_SERIAL: recipe.console.serial }),
});
