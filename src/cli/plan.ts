import type { Cache } from "../build/cache.ts";
import { settleKnown, staleStages } from "../build/build.ts";
import type { Plan, PlannedStage } from "../plan/stage.ts";
import { whyStale } from "../build/why.ts";
import type { PlanOptions } from "./options.ts";
import { prepare } from "./prepare.ts";
import type { Session } from "./session.ts";

/** Show what building would do. With --json, the plan that `build` would carry out, as it is. */
export async function plan(name: string, options: PlanOptions, session: Session): Promise<void> {
  const { plan: asked, cache } = await prepare(name, options, session);
  const made = await settleKnown(asked, cache);
  session.print(options.json ? `${JSON.stringify(made, undefined, 2)}\n` : await told(made, cache, options.explain));
}

async function told(made: Plan, cache: Cache, explain: boolean): Promise<string> {
  const stale = await staleStages(made, (key) => cache.has(key));
  const width = Math.max(...made.stages.map(({ name }) => name.length));
  const lines: string[] = [];
  for (const stage of made.stages) {
    const state = await stateOf(stage, stale, cache);
    lines.push(`${stage.name.padEnd(width)}  ${state.padEnd(9)}  ${stage.key?.slice(0, 12) ?? "pending"}\n`);
    if (explain && state === "to build")
      for (const reason of await whyStale(stage, { plan: made, cache }))
        lines.push(`${" ".repeat(width)}  ${reason}\n`);
  }
  const outcome = made.artefacts.map(({ name }) => `  ${name}\n`);
  return [...lines, "\nThis gives:\n", ...outcome].join("");
}

async function stateOf({ name, key }: PlannedStage, stale: ReadonlySet<string>, cache: Cache): Promise<string> {
  if (key !== undefined && (await cache.has(key))) return "reused";
  return stale.has(name) ? "to build" : "not needed";
}
