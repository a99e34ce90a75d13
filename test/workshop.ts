import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { build } from "../src/build/build.ts";
import { openLog } from "../src/build/log.ts";
import { prepare, siteOf, type Prepared } from "../src/cli/prepare.ts";
import { from } from "../src/command.ts";
import type { Event } from "../src/events.ts";
import { layerStage } from "../src/plan/layers.ts";
import type { Artefact } from "../src/plan/stage.ts";
import { imageOf, modulesOf } from "../src/plan/stages/squashfs.ts";
import { capture } from "../src/system/process.ts";
import { checkout, livewright, testCache } from "./livewright.ts";

/** Where tests publish what they build. */
export const testOutput = `${checkout}/.livewright/out`;

/** Build a recipe as a person would and return the ISO's path. What is in the cache is reused. */
export async function builtIso(recipe: string, ...words: readonly string[]): Promise<string> {
  const done = await livewright([
    ...["build", recipe, "--cache", testCache, "-o", testOutput, "--progress", "plain"],
    ...words,
  ]);
  if (done.status !== 0)
    throw new Error(`livewright build ${recipe} ended with ${String(done.status)}\n${done.stderr}`);
  return done.stdout.trim();
}

/** A folder with a recipe of its own and the files it names; executable where they begin with "#!". */
export async function recipeFolder(
  files: Readonly<Record<string, string>>,
): Promise<AsyncDisposable & { path: string }> {
  const path = await mkdtemp(join(tmpdir(), "recipe with 'quotes' "));
  for (const [name, text] of Object.entries(files)) {
    await mkdir(dirname(join(path, name)), { recursive: true });
    await writeFile(join(path, name), text);
    if (text.startsWith("#!")) await chmod(join(path, name), 0o755);
  }
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true, force: true }) };
}

/** One layer of a recipe, with those below it, and all that was logged on the way: no medium is made of it. */
export async function builtLayer(
  recipe: string,
  layer: string,
  how: { readonly offline?: boolean } = {},
): Promise<{ tree: string; log: string; below: string }> {
  const wanted = (): readonly Artefact[] => [{ place: from(layerStage(layer), "tree"), name: layer }];
  const { made, log, prepared } = await builtPart(recipe, how, layer, wanted);
  const below = prepared.plan.stages.find(({ name }) => name === layerStage("base"))?.key ?? "";
  return { tree: made[0] ?? "", log, below: join(prepared.cache.object(below), "tree") };
}

/** The squashfs modules of a recipe's medium, lowest first, without the medium. */
export async function builtModules(recipe: string, ...set: readonly string[]): Promise<readonly string[]> {
  const wanted = ({ loaded }: Prepared): readonly Artefact[] =>
    modulesOf(loaded.recipe).map((module) => ({ place: imageOf(module), name: module.file }));
  return (await builtPart(recipe, { set }, "modules", wanted)).made;
}

async function builtPart(
  recipe: string,
  how: { readonly offline?: boolean; readonly set?: readonly string[] },
  name: string,
  wanted: (prepared: Prepared) => readonly Artefact[],
): Promise<{ made: readonly string[]; log: string; prepared: Prepared }> {
  const events: Event[] = [];
  const session = {
    signal: new AbortController().signal,
    print: () => undefined,
    report: (event: Event): void => void events.push(event),
  };
  const prepared = await prepare(recipe, { set: [], cache: testCache, ...how }, session);
  const log = await openLog(testCache, `test-${name}`);
  const plan = { ...prepared.plan, artefacts: wanted(prepared) };
  const made = await build(plan, siteOf(prepared, log, { ...session, keepFailed: false })).finally(() =>
    log[Symbol.asyncDispose](),
  );
  return { made: made.map(({ path }) => path), log: await readFile(log.path, "utf8"), prepared };
}

/** Everything mounted in our own mount namespace. */
export const mounts = (): Promise<string> => readFile("/proc/self/mountinfo", "utf8");

/** Command lines of all processes of this machine that contain a word. */
export async function processesWith(word: string): Promise<readonly string[]> {
  const all = await capture({ tool: "ps", args: ["-eo", "args"], signal: new AbortController().signal });
  return all.split("\n").filter((line) => line.includes(word) && !line.startsWith("ps "));
}
