import { basename, dirname } from "node:path";
import type { SourcePlace } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Facts } from "../plan/stage.ts";
import { findTool } from "../system/host.ts";
import { isDirty, lastChange, state } from "../tools/git.ts";
import { ask } from "./ask.ts";
import { inTurns } from "./in-turns.ts";
import { locateSource, type Roots } from "./digest.ts";

/** The commit that last changed each hook, and whether it was changed since. A hook outside any repository has no entry. */
export async function hookCommits(
  hooks: readonly SourcePlace[],
  roots: Roots,
  signal: AbortSignal,
): Promise<Facts["hooks"]> {
  if (hooks.length === 0 || (await findTool("git")) === undefined) return {};
  const entries = await inTurns(hooks, async (hook) => {
    const path = locateSource(hook, roots);
    const found = await commitOf(dirname(path), basename(path), signal);
    return found === undefined ? [] : [[`${hook.root}:${hook.path}`, found] as const];
  });
  return Object.fromEntries(entries.flat());
}

async function commitOf(
  folder: string,
  file: string,
  signal: AbortSignal,
): Promise<Facts["hooks"][string] | undefined> {
  try {
    const commit = (await ask(lastChange(folder, file), signal)).trim();
    if (commit === "") return { commit: "uncommitted", dirty: true };
    return { commit, dirty: isDirty(await ask(state(folder, file), signal)) };
  } catch (error) {
    // No repository, or one without a commit: then there is nothing to record.
    if (error instanceof Failure && error.code === "step-failed") return undefined;
    throw error;
  }
}
