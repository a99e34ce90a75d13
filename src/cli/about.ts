import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The folder that the program was installed into: themes, hooks, recipes and templates lie there. */
export const programRoot = fileURLToPath(new URL("../..", import.meta.url)).replace(/\/$/, "");

/** The program's own version, as package.json says. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(`${programRoot}/package.json`, "utf8")) as { version: string };
  return version;
}
