import { readFile } from "node:fs/promises";
import { join } from "node:path";
import ejs from "ejs";
import { Failure } from "../failure.ts";

/** Fill in a template of the program's or the recipe's folder; `<%=` passes through the target's own escape. */
export async function render(
  folder: string,
  name: string,
  data: Readonly<Record<string, unknown>>,
  escape: (text: string) => string,
): Promise<string> {
  const filename = join(folder, name);
  const text = await readFile(filename, "utf8").catch((cause: unknown) => {
    throw new Failure("recipe-invalid", `the menu template ${filename} cannot be read`, { cause });
  });
  try {
    return ejs.render(text, data, {
      filename,
      escape: (value: unknown) => escape(String(value)),
      compileDebug: false, // It would write the template's lines into our own failures' messages.
    });
  } catch (cause) {
    if (cause instanceof Failure) throw cause;
    const why = cause instanceof Error ? `: ${cause.message}` : "";
    throw new Failure("recipe-invalid", `the menu template ${filename} does not work${why}`, { cause });
  }
}
