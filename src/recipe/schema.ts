import { recipeKeys } from "./keys.ts";
import { inside } from "./patterns.ts";
import { isRequired, type Keys, type Shape } from "./shape.ts";

export type JsonSchema = Readonly<Record<string, unknown>>;

/** The recipe's keys as JSON Schema draft-07: editors complete by it, and the program validates by it. */
export const recipeSchema = (): JsonSchema => ({
  $schema: "http://json-schema.org/draft-07/schema#",
  title: "Livewright recipe",
  ...schemaOf(recipeKeys),
});

function schemaOf(shape: Shape): JsonSchema {
  return { ...constraint(shape), description: described(shape), ...defaulted(shape), ...exemplified(shape) };
}

function constraint(shape: Shape): JsonSchema {
  switch (shape.kind) {
    case "text":
      return { type: shape.orWhole ? ["string", "integer"] : "string", ...patterned(shape) };
    case "path":
      return { type: "string", ...patterned(inside) };
    case "flag":
      return { type: "boolean" };
    case "whole":
      return { type: "integer", minimum: shape.from, maximum: shape.to };
    case "word":
      return { type: "string", enum: shape.of };
    case "list":
      return {
        type: "array",
        ...(shape.least !== undefined && { minItems: shape.least }),
        maxItems: shape.most,
        items: schemaOf(shape.item),
      };
    case "keys":
      return mapping(shape);
  }
}

/** `patternErrorMessage` is what editors show instead of the pattern; so do we. */
const patterned = ({ pattern, must }: { readonly pattern: string; readonly must: string }): JsonSchema => ({
  pattern,
  patternErrorMessage: `must be ${must}`,
});

function mapping({ keys, needs }: Keys): JsonSchema {
  const all = Object.entries(keys);
  const required = all.filter(([, inner]) => isRequired(inner)).map(([key]) => key);
  return {
    type: "object",
    additionalProperties: false,
    ...(required.length === 0 ? {} : { required }),
    ...(needs === undefined ? {} : { dependencies: needs }),
    properties: Object.fromEntries(all.map(([key, inner]) => [key, schemaOf(inner)])),
  };
}

const described = ({ about, otherwise }: Shape): string =>
  otherwise === undefined ? about : `${about} Left out: ${otherwise}.`;

const defaulted = (shape: Shape): JsonSchema => (shape.default === undefined ? {} : { default: shape.default });

const exemplified = ({ example }: Shape): JsonSchema => (example === undefined ? {} : { examples: [example] });
