import { cpus, release, totalmem } from "node:os";
import { execa } from "execa";
import { accelerator as probe } from "../src/machine/accelerator.ts";
import { hostReleases, mainCandidates, securityCandidates } from "../src/survey/mirrors.ts";
import type { Accelerator } from "../src/tools/qemu.ts";
import type { Machine } from "./figures.ts";
import type { Mirror } from "./workshop.ts";

/** The archives that this host's apt reads: all who are compared build from them. */
export async function hostMirror(signal: AbortSignal): Promise<Mirror> {
  const configured = await hostReleases(signal);
  return {
    main: mainCandidates(configured, "bookworm")[0] ?? "http://deb.debian.org/debian",
    security: securityCandidates(configured)[0] ?? "http://security.debian.org/debian-security",
  };
}

/** Install those of the packages that are missing, and say so. */
export async function install(packages: readonly string[], tell: (text: string) => void): Promise<void> {
  const { stdout } = await execa(
    "dpkg-query",
    ["--show", "--showformat", "${Package} ${db:Status-Status}\n", ...packages],
    {
      reject: false,
    },
  );
  const present = stdout.split("\n").filter((line) => line.endsWith(" installed"));
  const missing = packages.filter((name) => !present.includes(`${name} installed`));
  if (missing.length === 0) return;
  tell(`installing ${missing.join(", ")}`);
  await execa("apt-get", ["update"]);
  await execa("apt-get", ["install", "--yes", "--no-install-recommends", "--", ...missing], {
    env: { DEBIAN_FRONTEND: "noninteractive" },
  });
}

export const accelerator = (signal: AbortSignal): Promise<Accelerator> => probe(signal);

export const machine = (by: Accelerator): Machine => ({
  processor: cpus()[0]?.model ?? "processor",
  processors: cpus().length,
  memory: totalmem(),
  kernel: release(),
  accelerator: by === "kvm" ? "KVM" : "TCG",
});
