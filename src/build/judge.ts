import { open } from "node:fs/promises";
import { audit } from "../audit/audit.ts";
import type { Place } from "../command.ts";
import { Failure } from "../failure.ts";
import type { MediumKind, Step } from "../plan/stage.ts";
import { together } from "../system/together.ts";
import { readDigests } from "./checksums.ts";
import type { Performance } from "./run-step.ts";

const called: Readonly<Record<MediumKind, string>> = { iso: "ISO", netboot: "netboot folder" };

async function toDisk(path: string): Promise<void> {
  await using file = await open(path);
  await file.datasync();
}

/** Read a finished medium again: with an error in it there is none, and of what passes the build ends with an ISO on the disk. */
export async function judge(
  { of, medium, known = [] }: Extract<Step, { do: "audit" }>,
  find: (place: Place) => string,
  { site, stage }: Performance,
): Promise<void> {
  // A folder is read back where it arrives (publish-folder.ts), so it is not copied ahead.
  if (of === "iso" && medium.at === "output") site.whole?.({ stage: stage.name, path: medium.path }, find(medium));
  const digests = await Promise.all(known.map((place) => readDigests(find(place))));
  const md5s = new Map(digests.map(({ sha256, md5 }) => [sha256, md5]));
  // Whoever attests to an ISO wants its digest, and the build ends with it on the disk: both while the audit reads the same.
  const [{ findings }] = await together([
    audit(find(medium), site.signal, md5s),
    ...(of === "iso" ? [site.cache.digests.of(find(medium), ["sha256"]), toDisk(find(medium))] : []),
  ]);
  for (const { level, where, what } of findings) site.log(stage.name, `${level}: ${where}: ${what}`);
  const errors = findings.filter(({ level }) => level === "error");
  if (errors.length === 0) return;
  const lines = errors.map(({ where, what }) => `${where}: ${what}`);
  throw new Failure("verification-failed", [`the finished ${called[of]} does not hang together:`, ...lines].join("\n"));
}
