import { relative, resolve } from "node:path";
import { build as carryOut, settleKnown, staleStages } from "../build/build.ts";
import { aheadOf, Copies } from "../build/copies.ts";
import { openLog } from "../build/log.ts";
import { Trace } from "../build/trace.ts";
import { publishCopies, refuseStrangers } from "../build/publish.ts";
import { forecast, freeSpace, requireWritable } from "../system/disk.ts";
import type { BuildOptions } from "./options.ts";
import { prepare, siteOf, type Prepared } from "./prepare.ts";
import type { Session } from "./session.ts";

/** Build a recipe's media and what belongs beside them. The paths of the media are the result. */
export async function build(name: string, options: BuildOptions, session: Session): Promise<void> {
  const folder = resolve(options.output);
  await requireWritable(folder);
  const prepared = await prepare(name, options, session);
  await refuseStrangers(folder, prepared.plan.artefacts);
  await foresee(prepared, session);
  const trace = await Trace.into(options.trace);
  await using log = await openLog(prepared.cache.root, prepared.loaded.recipe.name);
  const { keepFailed, jobs, memory } = options;
  const report = trace.listen(session.report);
  const site = siteOf(prepared, log, { ...session, report, keepFailed, jobs, memory, timed: trace.timed });
  await using copies = new Copies(folder, site);
  const walked = { ...site, whole: aheadOf(copies, prepared.plan.artefacts) };
  const published = await carryOut(prepared.plan, walked, (made) => publishCopies(made, copies)).finally(() =>
    // What became of the build is told in any case, above all when there is no room left for either.
    trace.save().catch((error: unknown) => {
      session.report({ kind: "warning", text: `the trace was not kept: ${(error as Error).message}` });
    }),
  );
  const media = published.filter((path) => /\.(iso|netboot)$/.test(path));
  session.print(media.map((path) => `${path}\n`).join(""));
  const named = media.map((path) => relative(process.cwd(), path) || path);
  session.report({ kind: "note", text: ["Next:", ...named.flatMap(nextSteps)].join("\n") });
}

/** Say how much there is to do, and refuse what the disk will not hold. */
export async function foresee({ plan: asked, cache }: Prepared, { report }: Session): Promise<void> {
  const plan = await settleKnown(asked, cache);
  const stale = await staleStages(plan, (key) => cache.has(key));
  report({ kind: "plan", stages: plan.stages.length, stale: stale.size });
  forecast(
    plan.stages.filter(({ name }) => stale.has(name)),
    await freeSpace(cache.root),
  );
}

const nextSteps = (medium: string): readonly string[] =>
  medium.endsWith(".iso")
    ? [
        `  prove that it boots   npx livewright test ${medium}`,
        `  look at it            qemu-system-x86_64 -m 2048 -cdrom ${medium}`,
        `  write it to a stick   dd if=${medium} of=/dev/sdX bs=4M oflag=direct conv=fsync status=progress (sdX is erased: check its name with lsblk)`,
      ]
    : [
        `  read the folder again npx livewright inspect ${medium}`,
        `  prove that it boots   npx livewright test ${medium}`,
        `  boot others from it   sudo npx livewright serve ${medium} --interface NAME (docs/netboot.md)`,
      ];
