import { existsSync } from "node:fs";
import { dirname, join } from "node:path";

/** The folder of the program: the bench is compiled to another depth than it is written in. */
export const checkout = above(import.meta.dirname);

function above(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : above(dirname(folder));
}
