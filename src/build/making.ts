import { join } from "node:path";
import { Failure } from "../failure.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import { settle } from "../plan/views.ts";
import { wordsOf } from "../plan/words.ts";
import { write } from "../system/files.ts";
import type { Draft } from "./draft.ts";
import { keyOf } from "./locate.ts";
import type { Site } from "./site.ts";
import { stepsOf, stridesOf } from "./strides.ts";
import { foundAgain, isViewer, newView, recordName, sharedKey, viewedTree, type Viewer } from "./view/viewed.ts";
import type { Tree } from "./stack.ts";

/** What is known while a stage is made: the keys of all that it reads are in the plan. */
export interface Making {
  readonly plan: Plan;
  readonly site: Site;
}

/** Where a stage stands in its plan, for people who watch. */
export const position = ({ stages }: Plan, name: string): { readonly at: number; readonly of: number } => ({
  at: stages.findIndex((each) => each.name === name) + 1,
  of: stages.length,
});

/** Make a stage, unless another build has just made it. Of a stage with a view, the digest of what it viewed comes back. */
export async function make(stage: PlannedStage, making: Making): Promise<string | undefined> {
  const { plan, site } = making;
  const { report, log, logFile, signal } = site;
  const began = performance.now();
  const seconds = (): number => (performance.now() - began) / 1000;
  log(stage.name, `to be made, ${stage.key ?? "what it views has not been seen before"}`);
  report({ kind: "stage-started", stage: stage.name, ...position(plan, stage.name) });
  try {
    const view = await (isViewer(stage) ? fillViewing(stage, making) : fill(stage, making));
    report({ kind: "stage-finished", stage: stage.name, ...position(plan, stage.name), seconds: seconds() });
    return view;
  } catch (error) {
    report({ kind: "stage-failed", stage: stage.name, seconds: seconds() });
    throw signal.aborted ? error : told(stage, error, logFile);
  }
}

async function fill(stage: PlannedStage, making: Making): Promise<undefined> {
  const { cache, signal } = making.site;
  const key = keyOf(making.plan, stage.name);
  await using _hold = await hold(stage.name, key, making.site);
  if (await cache.has(key)) return;
  await using draft = await drafted(stage, key, making);
  await draft.publish({ ...stage, key }, signal);
}

/**
 * A stage with a view is named by what it turns out to have viewed. Others that find the same in the paths they declare
 * wait for it, for its output may be theirs.
 */
async function fillViewing(stage: Viewer, making: Making): Promise<string> {
  const standing = { plan: making.plan, cache: making.site.cache };
  const tree = await viewedTree(stage, standing);
  if (tree === undefined) throw new Failure("bug", `the layers that ${stage.name} views are gone`);
  const shared = sharedKey(stage, tree);
  await using _hold = await hold(stage.name, shared, making.site);
  return (await foundAgain(stage, tree, standing)) ?? (await viewed(stage, { tree, shared }, making));
}

async function viewed(
  stage: Viewer,
  { tree, shared }: { readonly tree: Tree; readonly shared: string },
  making: Making,
): Promise<string> {
  const { plan, site } = making;
  const { cache, signal } = site;
  await using draft = await drafted(stage, shared, making);
  const { view, record } = await newView(stage, tree, { plan, cache, out: draft.out });
  await write(join(draft.out, recordName), `${JSON.stringify(record)}\n`);
  const { key, ingredients } = settle({ ...plan, stages: [stage] }, stage.name, view).stages[0] ?? stage;
  if (key === undefined) throw new Failure("bug", `${stage.name} reads what has no key yet`);
  if (!(await cache.has(key))) await draft.publish({ key, ingredients }, signal);
  return view;
}

const hold = (stage: string, key: string, { cache, report, signal }: Site): Promise<AsyncDisposable> =>
  cache.hold(key, signal, () => {
    report({ kind: "note", text: `another build is making ${stage}; waiting for it` });
  });

/** All steps done in a new draft, which is the caller's to dispose of. */
async function drafted(stage: PlannedStage, name: string, { plan, site }: Making): Promise<Draft> {
  const { cache, report, keepFailed, signal } = site;
  // Loaded when there is something to do: with it come EJS and the audit, which take as long as all the rest.
  const { perform } = await import("./perform.ts");
  const draft = await cache.draft(name);
  try {
    for (const stride of stridesOf(stage.steps)) {
      const began = performance.now();
      await perform(stride, { plan, site, draft, stage });
      for (const step of stepsOf(stride)) site.timed?.(stage.name, wordsOf(step), began);
    }
    return draft;
  } catch (error) {
    if (keepFailed && !signal.aborted)
      report({ kind: "note", text: `the draft of ${stage.name} is kept in ${await draft.keep()}` });
    await draft[Symbol.asyncDispose]();
    throw error;
  }
}

/** Name the stage and the log: the message alone must be enough to go on with. */
function told(stage: PlannedStage, error: unknown, logFile: string): unknown {
  if (!(error instanceof Failure)) return error;
  const { code, message, remedy } = error;
  const full = `${stage.name}: ${message}\nThe whole log: ${logFile}`;
  return new Failure(noSpace.test(full) ? "no-space" : code, full, { remedy, cause: error });
}

/** strerror(3), and what xorriso says when it has looked beforehand. */
const noSpace = /No space left on device|Image size \w+ exceeds free space on media/;
