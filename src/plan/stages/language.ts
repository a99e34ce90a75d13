import { shipped, type Arg } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { Facts } from "../facts.ts";
import type { Stage } from "../stage.ts";
import { extracted } from "./extracted.ts";

export const languageStage = "language";

/**
 * The recipe's locale and the console's keymap, compiled as soon as there is what it takes, while the layers are installed; the settings
 * compile again what would come out differently over those.
 */
export const language = (recipe: Recipe, facts: Facts): Stage =>
  extracted(
    recipe,
    facts,
    languageStage,
    [...(builtIn.includes(recipe.locale) ? [] : ["locales"]), "console-setup"],
    speaking(recipe),
  );

/** locale(7): what glibc has within itself. */
const builtIn: readonly string[] = ["C.UTF-8", "C", "POSIX"];

/** What says the language and the keyboard, to this stage and to the settings. */
export const speaking = ({ locale, keyboard }: Recipe): Readonly<Record<string, Arg>> => ({
  LIVEWRIGHT_LANGUAGE: shipped("hooks/language.sh"),
  LIVEWRIGHT_LOCALE: locale,
  LIVEWRIGHT_KEYBOARD_MODEL: keyboard.model,
  LIVEWRIGHT_KEYBOARD_LAYOUT: keyboard.layout,
  LIVEWRIGHT_KEYBOARD_VARIANT: keyboard.variant,
  LIVEWRIGHT_KEYBOARD_OPTIONS: keyboard.options,
});
