import { build } from "../build/build.ts";
import { openLog } from "../build/log.ts";
import { visit } from "../build/visit.ts";
import { allTrees } from "../plan/layers.ts";
import { rootPath, type Plan } from "../plan/stage.ts";
import { hook } from "../tools/hook.ts";
import type { ShellOptions } from "./options.ts";
import { prepare, siteOf } from "./prepare.ts";
import type { Session } from "./session.ts";

/** A shell in a recipe's root filesystem, which is built first where the cache lacks it. Changes are thrown away. */
export async function shell(name: string, options: ShellOptions, session: Session): Promise<void> {
  const prepared = await prepare(name, options, session);
  const { recipe } = prepared.loaded;
  await using log = await openLog(prepared.cache.root, recipe.name);
  const site = siteOf(prepared, log, { ...session, keepFailed: false });
  const plan: Plan = {
    ...prepared.plan,
    // Each layer, not only the last: what lies below a layer that is there may have been cleaned away.
    artefacts: allTrees(recipe).map((place) => ({ place, name: "root" })),
  };
  const sandbox = { lowers: allTrees(recipe), hostname: recipe.hostname, network: true };
  await build(plan, site, async () => {
    session.report({
      kind: "note",
      text: `a shell in ${recipe.name}; what you change is thrown away when you leave it`,
    });
    session.report({ kind: "terminal-lent" });
    await visit(plan, hook("visit", rootPath), sandbox, site);
  });
}
