import { Failure } from "../failure.ts";
import { exists, findTool } from "../system/host.ts";
import { run } from "../system/process.ts";
import { namespaces } from "./namespaces.ts";
import { circumstances } from "./circumstances.ts";
import { Memory } from "../system/memory.ts";
import { resources, surroundings, type Sites } from "./surroundings.ts";
import { inTurns } from "../system/in-turns.ts";
import { questions } from "./ask.ts";
import { fileNeeds, isOlder, toolNeeds, type FileNeed, type Purpose, type ToolNeed } from "./needs.ts";

/** One need and how it stands. */
export interface Finding {
  readonly need: string;
  readonly state: "ok" | "missing" | "old" | "unfit";
  readonly optional: boolean;
  readonly why: string;
  /** What is there: a version, an amount. */
  readonly found?: string | undefined;
  /** What would do. */
  readonly wanted?: string | undefined;
  /** The Debian package to install. */
  readonly package?: string | undefined;
  /** What to do when no package helps. */
  readonly remedy?: string | undefined;
}

/** Look at everything that the purposes need, all at once. Changes nothing. */
export async function examine(
  purposes: readonly Purpose[],
  sites: Sites,
  signal: AbortSignal,
): Promise<readonly Finding[]> {
  const wanted = (need: { readonly for: readonly Purpose[] }): boolean => need.for.some((it) => purposes.includes(it));
  const [tools, around] = await Promise.all([
    inTurns(toolNeeds.filter(wanted), questions, (need) => examineTool(need, signal)),
    Promise.all(surroundings(purposes, sites, signal)),
  ]);
  return [...tools, ...fileNeeds.filter(wanted).map(examineFile), ...around.flat()];
}

/**
 * Refuse to start on a host that is not ready, telling all that is missing. Silent when it is; and quick when it was found
 * ready before and nothing of it has changed, but for space and memory, which are looked at each time.
 */
export async function requireHost(purpose: Purpose, signal: AbortSignal, sites: Sites = {}): Promise<void> {
  const lacking: Finding[] = [];
  await new Memory(sites.cache).recall(["ready", purpose, await circumstances([purpose], sites)], async () => {
    lacking.push(...(await examine([purpose], sites, signal)).filter(isObstacle));
    return lacking.length === 0 ? "ready" : undefined;
  });
  if (lacking.length === 0) lacking.push(...(await Promise.all(resources([purpose], sites))).flat().filter(isObstacle));
  if (lacking.length > 0) throw unready(lacking);
}

/** Refuse to enter a user namespace on a host that does not let us; then all else that is missing is told, too. */
export async function requireNamespaces(signal: AbortSignal, sites: Sites): Promise<void> {
  const entered = async (): Promise<"entered" | undefined> =>
    (await namespaces(sites.cache, signal)).some(isObstacle) ? undefined : "entered";
  const question = ["namespaces", await circumstances([], sites)];
  if ((await new Memory(sites.cache).recall(question, entered)) === undefined)
    await requireHost("build", signal, sites);
}

export const isObstacle = ({ state, optional }: Finding): boolean => state !== "ok" && !optional;

export function unready(lacking: readonly Finding[]): Failure {
  const lines = lacking.map((finding) => `  ${sentence(finding)}`);
  const installable = lacking.some((finding) => finding.package !== undefined);
  return new Failure("host-unready", ["This host is not ready:", ...lines].join("\n"), {
    remedy: installable ? "livewright doctor --install" : undefined,
  });
}

function sentence({ need, state, why, found, wanted, package: from, remedy }: Finding): string {
  const where = from === undefined ? (remedy === undefined ? "" : `; ${remedy}`) : `; Debian package ${from}`;
  const what = `${need}${wanted === undefined ? "" : ` (${wanted})`}`;
  if (state === "missing") return `${what} is missing: it ${why}${where}`;
  return `${what} ${state === "old" ? `is ${found ?? "too old"}` : `will not do (${found ?? "unusable"})`}: it ${why}${where}`;
}

async function examineTool(need: ToolNeed, signal: AbortSignal): Promise<Finding> {
  const { tool, minimum } = need;
  const said = { need: tool, why: need.why, package: need.package, optional: need.optional ?? false };
  const wanted = minimum === undefined ? undefined : `at least ${minimum.version}`;
  if (findTool(tool) === undefined) return { ...said, state: "missing", wanted };
  if (minimum === undefined) return { ...said, state: "ok" };
  const found = await versionOf(tool, minimum.ask, signal);
  if (found === "not asked") return { ...said, state: "ok" };
  if (found === undefined) return { ...said, state: "unfit", found: "it does not tell its version", wanted };
  return { ...said, state: isOlder(found, minimum.version) ? "old" : "ok", found, wanted };
}

/** Milliseconds that a tool may take to tell its version, from a slow disk, too; one that hangs is no use. */
const patience = 30_000;

async function versionOf(tool: string, args: readonly string[], signal: AbortSignal): Promise<string | undefined> {
  const lines: string[] = [];
  const limit = AbortSignal.any([signal, AbortSignal.timeout(patience)]);
  try {
    await run({ tool, args, signal: limit, onLine: (line) => lines.push(line), grace: 200 });
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    if (error.code === "host-unready") return "not asked"; // setpriv is missing, which is told by itself.
    return undefined; // It exists and cannot even say what it is: the caller calls it unfit.
  }
  return /\b\d+(?:\.\d+)+/.exec(lines.join("\n").replace(/\bv(?=\d)/, ""))?.[0];
}

function examineFile({ file, why, package: from, optional = false }: FileNeed): Finding {
  return { need: file, why, package: from, optional, state: exists(file) ? "ok" : "missing" };
}
