import { Ajv } from "ajv";
import { recipeSchema } from "./schema.ts";

/** What in the schema is for editors alone. */
const editors = ["patternErrorMessage"];

/** The schema is checked by a test, and faults are told in words of our own. */
export const ajv = new Ajv({
  allErrors: true,
  allowUnionTypes: true,
  messages: false,
  meta: false,
  validateSchema: false,
  code: { source: true, esm: true, lines: true },
}).addVocabulary(editors);

/** Judges all that the schema judges. The bundle has the code that this compiles to in its place, and no ajv (bundle.js). */
export const validate = ajv.compile(recipeSchema());
