// How long builds take beside those of others, on this machine: `npm run bench -- --help`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { withBlock } from "./block.ts";
import { bootsInTurns, putAside, type Bootable } from "./boot.ts";
import type { Builder } from "./builder.ts";
import type { Growth, PeerFigures, PeerName, Report, Run } from "./figures.ts";
import { growth } from "./growth.ts";
import { accelerator, hostMirror, install, machine } from "./host.ts";
import { help, options, type Options } from "./options.ts";
import { liveBuild } from "./peers/live-build.ts";
import { livewright } from "./peers/livewright.ts";
import { script } from "./peers/script.ts";
import { bootsFor, runsFor } from "./rows.ts";
import { markdown } from "./table.ts";
import { tidy, type Workshop } from "./workshop.ts";

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
  const peers: Partial<Record<PeerName, PeerFigures>> = {};
  const grown: Growth[] = [];
  const by = await accelerator(signal);
  const report: Report = { format: 1, taken: today(), machine: machine(by), peers, growth: grown };
  const made = asked.peers
    .filter((name) => isAsked(name, asked))
    .map((name) => ({ name, workshop: workshop(name), builder: builders[name](workshop(name)) }));
  const booted: (Bootable & { readonly name: PeerName; readonly told: string })[] = [];
  for (const { name, builder, workshop } of made) {
    const boots = bootsFor(asked.rows, name);
    const known = name === "livewright" ? undefined : earlier?.peers[name];
    if (known === undefined || boots.size > 0) {
      await install(["time", ...builder.needs], workshop);
      workshop.tell("preparing: nothing of this is measured");
      await builder.prepare();
    }
    if (known !== undefined) peers[name] = { ...known, boots: {}, reused: true };
    else
      for await (const figures of figuresOf(builder, runsFor(asked.rows, name), workshop)) {
        peers[name] = figures;
        yield report;
      }
    for (const told of boots) {
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
  for (const of of asked.growths) {
    grown.push(await growth(of, workshop(of), join(resolve(asked.work), "livewright/cache")));
    yield report;
  }
  yield report;
  for (const name of [...made.map(({ name }) => name), ...asked.growths]) await tidy(workshop(name));
}

/** Measure the runs of one peer that the chosen rows need, in the order it names them. */
async function* figuresOf(
  builder: Builder,
  wanted: ReadonlySet<string>,
  { tell }: Workshop,
): AsyncGenerator<PeerFigures> {
  const runs: Record<string, Run> = {};
  let packages: number | undefined;
  const figures = async (): Promise<PeerFigures> => ({
    // Later runs install one more.
    packages: (packages ??= await builder.packages()),
    ...{ version: await builder.version(), taken: today(), runs, boots: {} },
  });
  for (const [name, run] of Object.entries(builder.runs)) {
    if (!wanted.has(name)) continue;
    runs[name] = await run();
    tell(`${name}: ${runs[name].wall.toFixed(2)} s`);
    yield await figures();
  }
  if (wanted.size === 0) yield await figures();
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
