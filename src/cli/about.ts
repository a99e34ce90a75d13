import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** The folder that the program was installed into: themes, hooks, recipes and templates lie there, and its package.json. */
export const programRoot = rootAbove(dirname(fileURLToPath(import.meta.url)));

function rootAbove(folder: string): string {
  return existsSync(join(folder, "package.json")) ? folder : rootAbove(dirname(folder));
}

/** The program's own version, as package.json says. */
export function programVersion(): string {
  const { version } = JSON.parse(readFileSync(`${programRoot}/package.json`, "utf8")) as { version: string };
  return version;
}
