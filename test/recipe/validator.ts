import { Ajv } from "ajv";
import standalone from "ajv/dist/standalone/index.js";
import type { JsonSchema } from "../../src/recipe/schema.ts";

/** The source of a module that judges what a schema judges, all faults at once, and needs no ajv for it. */
export function validatorOf(schema: JsonSchema): string {
  const ajv = new Ajv({
    allErrors: true,
    allowUnionTypes: true,
    messages: false,
    meta: false,
    validateSchema: false,
    code: { source: true, esm: true, lines: true },
  });
  const code = standalone.default(ajv, ajv.compile(bare(schema)));
  const named = code.replace(/^export default .*\n/m, "");
  return `// Generated from recipes/recipe.schema.json by \`npm run generate\`.\n// @ts-nocheck\n${named}\n`;
}

/** What in a schema judges nothing. */
const told = ["$schema", "title", "description", "default", "examples", "patternErrorMessage"];

/** A schema without what it only tells. */
function bare(schema: JsonSchema): JsonSchema {
  const { properties, items } = schema as Holding;
  return {
    ...Object.fromEntries(Object.entries(schema).filter(([word]) => !told.includes(word))),
    ...(properties !== undefined && {
      properties: Object.fromEntries(Object.entries(properties).map(([key, inner]) => [key, bare(inner)])),
    }),
    ...(items !== undefined && { items: bare(items) }),
  };
}

interface Holding {
  readonly properties?: Readonly<Record<string, JsonSchema>>;
  readonly items?: JsonSchema;
}
