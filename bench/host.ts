import { cpus, release, totalmem } from "node:os";
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

export const machine = (by: Accelerator): Machine => ({
  processor: cpus()[0]?.model ?? "processor",
  processors: cpus().length,
  memory: totalmem(),
  kernel: release(),
  accelerator: by === "kvm" ? "KVM" : "TCG",
});
