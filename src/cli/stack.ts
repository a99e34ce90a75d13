import { basename } from "node:path";
import { modulePathOf } from "../netboot/record.ts";
import { stackModule, unstackModule } from "../restack/stack-module.ts";
import { programRoot } from "./about.ts";
import type { StackOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Add a saved module to a netboot folder, or take it out. */
export async function stack(module: string, options: StackOptions, session: Session): Promise<void> {
  const { in: folder, title, theme, remove } = options;
  const warn = (text: string): void => {
    session.report({ kind: "warning", text });
  };
  const dressing = { program: programRoot, theme, warn, signal: session.signal };
  if (remove) {
    const name = basename(modulePathOf(module), ".squashfs");
    await unstackModule({ folder, name, ...dressing });
    session.print(`${name} is no longer in ${folder}\n`);
    return;
  }
  const { list, entry } = await stackModule({ folder, module, title, ...dressing });
  session.print(`${folder}/${list}\n`);
  session.report({ kind: "note", text: `the menus start it as ${entry}` });
}
