import { readdir, realpath } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { basename } from "node:path";
import { accelerator as probe } from "../src/machine/accelerator.ts";
import { capture, run } from "../src/system/process.ts";
import { hostReleases, mainCandidates, securityCandidates } from "../src/survey/mirrors.ts";
import type { Accelerator } from "../src/tools/qemu.ts";
import type { Machine } from "./figures.ts";
import type { Mirror, Workshop } from "./workshop.ts";

/** The archives that this host's apt reads: all who are compared build from them. */
export async function hostMirror(signal: AbortSignal): Promise<Mirror> {
  const configured = await hostReleases(signal);
  return {
    main: mainCandidates(configured, "bookworm")[0] ?? "http://httpredir.debian.org/debian",
    security: securityCandidates(configured)[0] ?? "http://security.debian.org/debian-security",
  };
}

/** Install those of the packages that are missing, and say so. */
export async function install(packages: readonly string[], { signal, tell }: Workshop): Promise<void> {
  const format = "${Package} ${db:Status-Status}\n";
  // It ends with 1 when it knows nothing of one of them, and tells the others.
  const args = ["--show", "--showformat", format, ...packages];
  const known = await capture({ tool: "dpkg-query", args, signal, accept: [1] });
  const missing = packages.filter((name) => !known.split("\n").includes(`${name} installed`));
  if (missing.length === 0) return;
  tell(`installing ${missing.join(", ")}`);
  const env = { DEBIAN_FRONTEND: "noninteractive" };
  await run({ tool: "apt-get", args: ["update"], signal });
  await run({ tool: "apt-get", args: ["install", "--yes", "--no-install-recommends", "--", ...missing], env, signal });
}

export const accelerator = (signal: AbortSignal): Promise<Accelerator> => probe(signal);

/**
 * Where all peers work. On ext4 without a journal nobody measures a build: for minutes after files were deleted it passes over their
 * inodes one by one whenever a file is made (`recently_deleted` in fs/ext4/ialloc.c), a tenth to a fifth of a build that follows another.
 */
export async function fileSystem(folder: string, signal: AbortSignal): Promise<string> {
  const args = ["--noheadings", "--output", "SOURCE,FSTYPE", "--target", folder];
  const [source = "", type = ""] = (await capture({ tool: "findmnt", args, signal })).trim().split(/\s+/);
  const device = await realpath(source).catch(() => source); // An overlay or a tmpfs has none.
  const journals = (await readdir("/proc/fs/jbd2").catch(() => [])).map((name) => name.replace(/-\d+$/, ""));
  return type === "ext4" && !journals.includes(basename(device)) ? withoutJournal : type;
}

export const withoutJournal = "ext4 without a journal";

export const machine = (by: Accelerator, on: string): Machine => ({
  processor: cpus()[0]?.model ?? "processor",
  processors: cpus().length,
  memory: totalmem(),
  kernel: release(),
  accelerator: by === "kvm" ? "KVM" : "TCG",
  fileSystem: on,
});
