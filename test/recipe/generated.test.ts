import { Ajv } from "ajv";
import { expect, test } from "vitest";
import { reference } from "../../src/recipe/reference.ts";
import { recipeSchema } from "../../src/recipe/schema.ts";

// `npm run generate` writes both files anew.
test("the schema that ships tells every key as it is", async () => {
  await expect(`${JSON.stringify(recipeSchema(), null, 2)}\n`).toMatchFileSnapshot("../../recipes/recipe.schema.json");
});

test("the reference page tells every key as it is", async () => {
  await expect(reference()).toMatchFileSnapshot("../../docs/recipe.md");
});

test("the schema is one of draft-07, and every key has a description", () => {
  const ajv = new Ajv({ strict: true, allowUnionTypes: true });
  ajv.addKeyword("patternErrorMessage");
  expect(ajv.validateSchema(recipeSchema(), true)).toBe(true);
  const lacking = (schema: unknown, way: string): string[] => {
    const { description, properties = {}, items } = schema as Described;
    const below = Object.entries(properties).flatMap(([key, inner]) => lacking(inner, `${way}.${key}`));
    return [
      ...(description === undefined ? [way] : []),
      ...below,
      ...(items === undefined ? [] : lacking(items, `${way}[]`)),
    ];
  };
  expect(lacking(recipeSchema(), "")).toEqual([]);
});

interface Described {
  readonly description?: string;
  readonly properties?: Readonly<Record<string, unknown>>;
  readonly items?: unknown;
}
