// How long builds take beside those of others, on this machine: `npm run bench -- --help`.
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { withBlock } from "./block.ts";
import { bootToLogin } from "./boot.ts";
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
import type { Workshop } from "./workshop.ts";

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
  const by = await accelerator(signal);
  const peers: Partial<Record<PeerName, PeerFigures>> = {};
  const grown: Growth[] = [];
  const report: Report = { format: 1, taken: today(), machine: machine(by), peers, growth: grown };
  for (const name of asked.peers.filter((each) => isAsked(each, asked))) {
    const known = name === "livewright" ? undefined : earlier?.peers[name];
    if (known !== undefined) peers[name] = { ...known, reused: true };
    else
      for await (const figures of figuresOf(builders[name](workshop(name)), { asked, by, workshop: workshop(name) })) {
        peers[name] = figures;
        yield report;
      }
  }
  for (const of of asked.growths) {
    grown.push(await growth(of, workshop(of), join(resolve(asked.work), "livewright/cache")));
    yield report;
  }
  yield report;
}

interface Circumstances {
  readonly asked: Options;
  readonly by: Awaited<ReturnType<typeof accelerator>>;
  readonly workshop: Workshop;
}

/** Measure one peer: the runs that the chosen rows need, in the order it names them, then the boots. */
async function* figuresOf(builder: Builder, { asked, by, workshop }: Circumstances): AsyncGenerator<PeerFigures> {
  const { folder, signal, tell } = workshop;
  const wanted = runsFor(asked.rows, builder.name);
  const told = [...bootsFor(asked.rows, builder.name)];
  await install(["time", ...builder.needs, ...(told.length === 0 ? [] : ["qemu-system-x86", "xorriso"])], workshop);
  tell("preparing: nothing of this is measured");
  await builder.prepare();
  const runs: Record<string, Run> = {};
  const boots: Record<string, number> = {};
  const figures = async (): Promise<PeerFigures> => ({
    ...{ version: await builder.version(), packages: await builder.packages(), taken: today() },
    ...{ runs, boots },
  });
  for (const [name, run] of Object.entries(builder.runs)) {
    if (!wanted.has(name)) continue;
    runs[name] = await run();
    tell(`${name}: ${runs[name].wall.toFixed(2)} s`);
    yield await figures();
  }
  for (const kind of told) {
    const iso = await builder.iso(kind);
    boots[kind] = await bootToLogin({ iso, folder, accelerator: by, signal });
    tell(`boot, ${kind}: ${boots[kind].toFixed(1)} s`);
    yield await figures();
  }
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
