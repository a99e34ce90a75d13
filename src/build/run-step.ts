import type { PlannedStage, Step } from "../plan/stage.ts";
import { run } from "../system/process.ts";
import type { Draft } from "./draft.ts";
import type { Whereabouts } from "./locate.ts";
import { meters } from "./meters.ts";
import { inSandbox, onHost } from "./sandbox.ts";

/** What a step is done with. */
export interface Performance extends Whereabouts {
  readonly draft: Draft;
  readonly stage: PlannedStage;
}

/** Run a step's program, on the host or in a sandbox; its lines go to the log, and tell how far it is. */
export async function runStep(
  { command, in: sandbox, meter }: Extract<Step, { do: "run" }>,
  at: Performance,
): Promise<void> {
  const { site, stage } = at;
  const spelled = sandbox === undefined ? onHost(command, at) : await inSandbox(command, sandbox, at);
  const read = meter === undefined ? undefined : meters[meter];
  const told =
    sandbox === undefined
      ? spelled.args
      : [command.tool, ...spelled.args.slice(spelled.args.lastIndexOf(command.tool) + 1)];
  site.log(stage.name, `$ ${[...(sandbox === undefined ? [spelled.tool] : []), ...told].join(" ")}`);
  const onLine = (line: string): void => {
    site.log(stage.name, line);
    const progress = read?.(line);
    if (progress !== undefined) site.report({ kind: "progress", stage: stage.name, ...progress });
  };
  const env = { SOURCE_DATE_EPOCH: String(site.epoch), ...spelled.env };
  // A sandbox holds nothing but a draft, so its processes need no time for tidying up.
  await run({
    ...spelled,
    env,
    signal: site.signal,
    onLine,
    givesWay: site.givesWay,
    ...(sandbox === undefined ? {} : { grace: 300 }),
  });
}
