import { readFile } from "node:fs/promises";
import { configuredReleases, releaseFiles, type ConfiguredRelease } from "../tools/apt.ts";
import { HostApt } from "./apt.ts";
import { ask } from "./ask.ts";
import { Memory } from "../system/memory.ts";

/** What this host's apt reads, with lists of mirrors replaced by their first entry. */
export async function hostReleases(signal: AbortSignal): Promise<readonly ConfiguredRelease[]> {
  return releasesOf(new HostApt(signal), { signal, memory: new Memory() });
}

/** The same, if need be. */
export async function releasesOf(
  apt: HostApt,
  { signal, memory }: { readonly signal: AbortSignal; readonly memory: Memory },
): Promise<readonly ConfiguredRelease[]> {
  const printed = await memory.recall(["releases", await apt.sources()], () => ask(releaseFiles(), signal));
  const configured = configuredReleases(printed);
  return await Promise.all(configured.map(async (entry) => ({ ...entry, base: await firstMirror(entry.base) })));
}

/** Debian's cloud images configure "mirror+file:/etc/apt/mirrors/debian.list" (apt-transport-mirror(1)). */
async function firstMirror(base: string): Promise<string> {
  const file = /^mirror\+file:(?:\/\/)?(\/.+)$/.exec(base)?.[1];
  if (file === undefined) return base;
  const lines = (await readFile(file, "utf8")).split("\n");
  return (
    lines
      .find((line) => /^[a-z+]+:\//.test(line))
      ?.split(/\s/)[0]
      ?.replace(/\/+$/, "") ?? base
  );
}

/** Addresses that may serve a suite: those configured for that very suite first, then those of other suites. */
export function mainCandidates(configured: readonly ConfiguredRelease[], suite: string): readonly string[] {
  const whole = configured.filter((entry) => !isPartial(entry.suite) && isUsable(entry.base));
  return unique([...whole.filter((entry) => entry.suite === suite), ...whole.filter((entry) => entry.suite !== suite)]);
}

/** Addresses of security archives, in the host's order. */
export const securityCandidates = (configured: readonly ConfiguredRelease[]): readonly string[] =>
  unique(configured.filter((entry) => /(-security|\/updates)$/.test(entry.suite) && isUsable(entry.base)));

const isPartial = (suite: string): boolean =>
  /(-(security|updates|backports|backports-sloppy|proposed-updates)|\/updates)$/.test(suite);

const isUsable = (base: string): boolean => /^(https?|file|copy):/.test(base);

const unique = (entries: readonly ConfiguredRelease[]): readonly string[] => [
  ...new Set(entries.map(({ base }) => base)),
];
