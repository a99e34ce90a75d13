import { join } from "node:path";
import type { Command } from "../command.ts";
import type { Plan, Sandbox } from "../plan/stage.ts";
import { write } from "../system/files.ts";
import { interact } from "../system/lend.ts";
import { inSandbox } from "./sandbox.ts";
import type { Site } from "./site.ts";

/** Let a person work in a built root filesystem. Whatever they change is thrown away with the draft. */
export async function visit(plan: Plan, command: Command, sandbox: Sandbox, site: Site): Promise<number> {
  const name = `visit-${String(process.pid)}`;
  await using _hold = await site.cache.hold(name, site.signal, () => undefined);
  await using draft = await site.cache.draft(name);
  const { tool, args, env, input = "" } = await inSandbox(command, sandbox, { plan, site, draft });
  const table = join(draft.path, "table");
  await write(table, input);
  return await interact({ tool, args, env: { ...env, LIVEWRIGHT_TABLE: table }, signal: site.signal });
}
