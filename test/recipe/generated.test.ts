import { expect, test } from "vitest";
import { reference } from "../../src/recipe/reference.ts";
import { recipeSchema } from "../../src/recipe/schema.ts";

// `npm run generate` writes both files anew.
test("the schema that ships is the one that the program validates by", async () => {
  await expect(`${JSON.stringify(recipeSchema(), null, 2)}\n`).toMatchFileSnapshot("../../recipes/recipe.schema.json");
});

test("the reference page tells every key as it is", async () => {
  await expect(reference()).toMatchFileSnapshot("../../docs/recipe.md");
});
