import { Failure } from "../failure.ts";
import { fileState, findTool, toolState, trueFile } from "../system/host.ts";
import { ownerOf, owners, versionOf, versions } from "../tools/apt.ts";
import { ask } from "./ask.ts";
import { digestOf } from "./digest.ts";
import type { Memory } from "../system/memory.ts";

/**
 * Which version of each tool would run: its Debian package and version, or the program's own digest if no package
 * brought it. Every tool that is missing is told at once.
 */
export async function toolVersions(
  tools: readonly string[],
  { signal, memory }: { readonly signal: AbortSignal; readonly memory: Memory },
): Promise<Readonly<Record<string, string>>> {
  const names = [...new Set(tools)].sort();
  const found = names.map((name) => ({ name, path: findTool(name) }));
  const missing = found.filter(({ path }) => path === undefined).map(({ name }) => name);
  if (missing.length > 0)
    throw new Failure("host-unready", `needed and not found: ${missing.join(", ")}`, {
      remedy: "livewright doctor --install",
    });
  const spelled = found.map(({ name, path = "" }) => ({ name, paths: spellings(path) }));
  const files = spelled.flatMap(({ paths }) => paths);
  const known = installation();
  const owned = ownerOf(await memory.recall(["owners", files, known], () => ask(owners(files), signal, [1])));
  const packages = [...new Set(owned.values())];
  const installed =
    packages.length === 0
      ? new Map<string, string>()
      : versionOf(await memory.recall(["versions", packages, known], () => ask(versions(packages), signal)));
  const entries = spelled.map(async ({ name, paths }) => {
    const owner = paths.map((path) => owned.get(path)).find((it) => it !== undefined);
    const version = owner === undefined ? undefined : installed.get(owner);
    const [path = ""] = paths;
    return [
      name,
      version === undefined ? `sha256 ${await digestOf(path, signal)}` : `${owner ?? ""} ${version}`,
    ] as const;
  });
  return Object.fromEntries(await Promise.all(entries));
}

/** What dpkg-query answers depends on nothing but itself and what dpkg keeps, of which each run of dpkg replaces some. */
const installation = (): readonly unknown[] => [
  toolState("dpkg-query"),
  ...["status", "info", "updates", "diversions"].map((name) => fileState(`/var/lib/dpkg/${name}`)),
];

/** bookworm's dpkg lists some files under /bin although /bin is a link to /usr/bin, and alternatives are links too. */
function spellings(path: string): readonly string[] {
  const real = trueFile(path) ?? path;
  return [...new Set([real, path].flatMap((it) => [it, it.startsWith("/usr/") ? it.slice(4) : `/usr${it}`]))];
}
