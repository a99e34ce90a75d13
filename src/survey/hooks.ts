import { basename, dirname } from "node:path";
import type { SourcePlace } from "../command.ts";
import { Failure } from "../failure.ts";
import type { Facts } from "../plan/facts.ts";
import { findTool } from "../system/host.ts";
import { inTurns } from "../system/in-turns.ts";
import type { Memory } from "../system/memory.ts";
import { dirtyIn, head, lastChange, standing, state } from "../tools/git.ts";
import { ask, questions } from "./ask.ts";
import { locateSource, type Roots } from "./digest.ts";

type Commits = Facts["hooks"];

/** The commit that last changed each hook, and whether it was changed since. A hook outside any repository has no entry. */
export async function hookCommits(
  hooks: readonly SourcePlace[],
  roots: Roots,
  host: { readonly signal: AbortSignal; readonly memory: Memory },
): Promise<Commits> {
  if (hooks.length === 0 || findTool("git") === undefined) return {};
  const located = hooks.map((hook) => ({ name: `${hook.root}:${hook.path}`, path: locateSource(hook, roots) }));
  const folders = [...new Set(located.map(({ path }) => dirname(path)))];
  const entries = await inTurns(folders, questions, async (folder) => {
    const inside = located.filter(({ path }) => dirname(path) === folder);
    const commits = await commitsOf(folder, [...new Set(inside.map(({ path }) => basename(path)))], host);
    return inside.flatMap(({ name, path }) => {
      const commit = commits[basename(path)];
      return commit === undefined ? [] : [[name, commit] as const];
    });
  });
  const found = new Map(entries.flat());
  return Object.fromEntries(
    located.flatMap(({ name }) => {
      const commit = found.get(name);
      return commit === undefined ? [] : [[name, commit] as const];
    }),
  );
}

/** By a file's name. What changed a file last follows from the commit that is checked out, unless history is cut off. */
async function commitsOf(
  folder: string,
  files: readonly string[],
  { signal, memory }: { readonly signal: AbortSignal; readonly memory: Memory },
): Promise<Commits> {
  try {
    const [at, printed] = await Promise.all([ask(head(folder), signal), ask(state(folder, files), signal)]);
    const { commit: checkedOut, shallow } = standing(at);
    const entries = await inTurns(files, questions, async (file) => {
      const asked = async (): Promise<string> => (await ask(lastChange(folder, checkedOut, file), signal)).trim();
      const commit = shallow ? await asked() : await memory.recall(["last change", folder, file, checkedOut], asked);
      const dirty = commit === "" || dirtyIn(printed, file);
      return [file, { commit: commit === "" ? "uncommitted" : commit, dirty }] as const;
    });
    return Object.fromEntries(entries);
  } catch (error) {
    // No repository, or one without a commit: then there is nothing to record.
    if (error instanceof Failure && error.code === "step-failed") return {};
    throw error;
  }
}
