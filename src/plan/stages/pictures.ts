import { output } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import type { Stage } from "../stage.ts";

/** What a theme gives both menus to show, whatever is on them. */
export const pictures = ({ menu }: Recipe): Stage => ({
  name: "pictures",
  revision: 3,
  bytes: 10e6,
  steps: [{ do: "paint", theme: menu.theme, to: output("files") }],
});
