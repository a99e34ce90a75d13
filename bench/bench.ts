// How long builds take beside those of others, on this machine: `npm run bench -- --help`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { withBlock } from "./block.ts";
import { bootsInTurns, putAside, type Bootable } from "./boot.ts";
import type { Builder } from "./builder.ts";
import { peerNames, type Growth, type PeerFigures, type PeerName, type Report, type Run } from "./figures.ts";
import { growth } from "./growth.ts";
import { accelerator, fileSystem, hostMirror, install, machine, withoutJournal } from "./host.ts";
import { help, options, type Options } from "./options.ts";
import { liveBuild } from "./peers/live-build.ts";
import { livewright } from "./peers/livewright.ts";
import { script } from "./peers/script.ts";
import { bootsFor, runsFor } from "./rows.ts";
import { markdown } from "./table.ts";
import { turns } from "./turns.ts";
import { middle, tidy, type Workshop } from "./workshop.ts";

const builders: Readonly<Record<PeerName, (workshop: Workshop) => Builder>> = {
  livewright,
  "live-build": liveBuild,
  script,
};

const started = performance.now();
const tell = (text: string): void => {
  process.stderr.write(`${((performance.now() - started) / 1000).toFixed(0).padStart(5)} s  ${text}\n`);
};

/** Everything that was asked for; after each measurement what is known so far, for an hour's work is not to be lost. */
async function* bench(asked: Options, signal: AbortSignal): AsyncGenerator<Report> {
  const mirror = await hostMirror(signal);
  const workshop = (name: string): Workshop => ({
    ...{ folder: join(resolve(asked.work), name), mirror, signal },
    tell: (text) => tell(`${name}: ${text}`),
  });
  await mkdir(asked.work, { recursive: true });
  const earlier = asked.reuse === undefined ? undefined : (JSON.parse(await readFile(asked.reuse, "utf8")) as Report);
  const begun = asked.resume ? (JSON.parse(await readFile(asked.json, "utf8")) as Report) : undefined;
  const peers: Partial<Record<PeerName, PeerFigures>> = {};
  const grown: Growth[] = [];
  const by = await accelerator(signal);
  const on = await fileSystem(asked.work, signal);
  if (on === withoutJournal)
    tell(`${asked.work} is on ${on}: each run pays for what those before deleted; name another with --work`);
  const report: Report = { format: 1, taken: today(), machine: machine(by, on), peers, growth: grown };
  const made = asked.peers
    .filter((name) => isAsked(name, asked))
    .map((name) => contestant(name, workshop(name), begun?.peers[name]));
  const reused = new Set(peerNames.filter((name) => name !== "livewright" && earlier?.peers[name] !== undefined));
  for (const { name, builder, workshop } of made) {
    await tidy(workshop); // What a run that was stopped has left.
    if (!reused.has(name) || bootsFor(asked.rows, name).size > 0) {
      await install(["time", ...builder.needs], workshop);
      workshop.tell("preparing: nothing of this is measured");
      await builder.prepare();
    }
    const known = reused.has(name) ? earlier?.peers[name] : undefined;
    if (known !== undefined) peers[name] = { ...known, boots: {}, reused: true };
  }
  const names = made.map(({ name }) => name);
  const done = (peer: PeerName): readonly string[] => Object.keys(begun?.peers[peer]?.runs ?? {});
  for (const { peer, runs } of turns(asked.rows, names, reused, done)) {
    for (const { measure, figures } of made.filter(({ name }) => name === peer))
      for (const run of runs) {
        await measure(run);
        peers[peer] = await figures();
        yield report;
      }
  }
  const booted: (Bootable & { readonly name: PeerName; readonly told: string })[] = [];
  for (const { name, builder, workshop, figures } of made) {
    peers[name] ??= await figures();
    for (const told of bootsFor(asked.rows, name)) {
      await install(["qemu-system-x86", "xorriso"], workshop);
      booted.push({ name, told, ...(await putAside(await builder.iso(told), told, workshop)) });
    }
  }
  for await (const { medium, last, middle } of bootsInTurns(booted, by, signal)) {
    const { name, told } = medium;
    tell(`${name}: boot, ${told}: ${last.toFixed(1)} s`);
    const figures = peers[name];
    if (figures !== undefined) peers[name] = { ...figures, boots: { ...figures.boots, [told]: middle } };
    yield report;
  }
  for (const { workshop } of made) await tidy(workshop); // Forty layers take that room.
  for (const of of asked.growths) {
    grown.push(await growth(of, workshop(of), join(resolve(asked.work), "livewright/cache")));
    yield report;
  }
  yield report;
  for (const name of asked.growths) await tidy(workshop(name));
}

/** A peer, and what was measured of it so far. */
function contestant(name: PeerName, workshop: Workshop, begun: PeerFigures | undefined) {
  const builder = builders[name](workshop);
  const measured = new Map<string, Run[]>();
  let packages = begun?.packages;
  return {
    ...{ name, workshop, builder },
    measure: async (run: string): Promise<void> => {
      const made = await builder.runs[run]!();
      measured.set(run, [...(measured.get(run) ?? []), made]);
      workshop.tell(`${run}: ${made.wall.toFixed(2)} s`);
    },
    figures: async (): Promise<PeerFigures> => ({
      // Later runs install one more.
      packages: (packages ??= await builder.packages()),
      ...{ version: await builder.version(), taken: today(), boots: {} },
      runs: { ...begun?.runs, ...Object.fromEntries([...measured].map(([run, times]) => [run, middle(times)])) },
    }),
  };
}

const isAsked = (name: PeerName, { rows }: Options): boolean =>
  runsFor(rows, name).size + bootsFor(rows, name).size > 0;

const today = (): string => new Date().toISOString().slice(0, 10);

async function main(): Promise<void> {
  const asked = options(process.argv.slice(2));
  if (asked.help) return void process.stdout.write(help);
  if (process.getuid?.() !== 0) throw new Error("the bench needs root: live-build does");
  const stop = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM"] as const) process.on(signal, () => stop.abort(new Error("stopped")));
  let text = "";
  for await (const report of bench(asked, stop.signal)) {
    await writeFile(asked.json, `${JSON.stringify(report, undefined, 2)}\n`);
    text = markdown(report, asked.rows);
    if (asked.out !== undefined) await writeFile(asked.out, withBlock(await readFile(asked.out, "utf8"), text));
  }
  process.stdout.write(`${text}\n\n${await readFile(asked.json, "utf8")}`);
}

try {
  await main();
} catch (error) {
  process.stderr.write(`${error instanceof Error ? error.message : String(error)}\n`);
  process.exitCode = 1;
}
