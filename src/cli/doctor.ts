import type { Command } from "../command.ts";
import { Failure } from "../failure.ts";
import { accelerator } from "../machine/accelerator.ts";
import { inWords } from "../survey/ask.ts";
import { examine, isObstacle, unready, type Finding } from "../survey/doctor.ts";
import { findTool, isRoot } from "../system/host.ts";
import { interact } from "../system/lend.ts";
import { install, update } from "../tools/apt.ts";
import { emulator } from "../tools/qemu.ts";
import type { DoctorOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Say whether this host is ready, and with --install make it so as far as packages can. */
export async function doctor(options: DoctorOptions, session: Session): Promise<void> {
  const { signal } = session;
  const sites = { cache: options.cache, output: options.output };
  const look = async (): Promise<readonly Finding[]> => [
    ...(await examine(options.for, sites, signal)),
    ...(options.for.includes("test") ? [await fasterBoots(signal)] : []),
  ];
  let findings = await look();
  const wanting = findings.filter(({ state, package: from }) => state !== "ok" && from !== undefined);
  if (options.install && wanting.length > 0) {
    await installFor(wanting, session);
    findings = await look();
  }
  const lacking = findings.filter(isObstacle);
  session.print(
    options.json ? JSON.stringify({ ready: lacking.length === 0, needs: findings }, null, 2) : table(findings),
  );
  if (lacking.length > 0) throw unready(lacking);
}

async function installFor(wanting: readonly Finding[], { report, signal }: Session): Promise<void> {
  for (const { package: from = "", need, why } of wanting)
    report({ kind: "note", text: `installing ${from}: ${need} ${why}` });
  const packages = [...new Set(wanting.map((finding) => finding.package ?? ""))].sort();
  const line = `apt-get install ${packages.join(" ")}`;
  if (!isRoot() && findTool("sudo") === undefined)
    throw new Failure("host-unready", "Installing packages needs root, and there is no sudo", {
      remedy: `su -c "${line}"`,
    });
  report({ kind: "terminal-lent" });
  const apt = (command: Command): Promise<number> =>
    interact({ ...privileged(inWords(command)), stdout: "stderr", signal });
  await apt(update()); // One source of many that fails is no reason not to try: the others may have all that is needed.
  const status = await apt(install(packages));
  if (status === 0) return;
  throw new Failure("host-unready", `apt-get ended with status ${String(status)}; its reasons are above`, {
    remedy: isRoot() ? line : `sudo ${line}`,
  });
}

type Words = ReturnType<typeof inWords>;

/** sudo hands on no environment of ours, so that it must name what apt-get is to see. */
function privileged({ tool, args, env }: Words): Words {
  if (isRoot()) return { tool, args, env };
  const named = Object.entries(env).map(([name, value]) => `${name}=${value}`);
  return { tool: "sudo", args: ["--", "env", ...named, tool, ...args], env: {} };
}

/** Whether KVM runs guests is found out by running one; where it hangs this takes its full patience, so only doctor asks. */
async function fasterBoots(signal: AbortSignal): Promise<Finding> {
  const need = { need: "KVM", optional: true, why: "makes boot tests several times faster" };
  if (findTool(emulator) === undefined) return { ...need, state: "missing", found: `not tried without ${emulator}` };
  if ((await accelerator(signal)) === "kvm") return { ...need, state: "ok" };
  return { ...need, state: "missing", found: "it runs no guest here; they are emulated instead" };
}

function table(findings: readonly Finding[]): string {
  const rows = findings.map(({ need, state, optional, found, wanted, why, package: from }) => [
    state === "ok" ? "ok" : optional ? "absent" : state.toUpperCase(),
    need,
    [found, state === "ok" ? undefined : wanted].filter((part) => part !== undefined).join(", "),
    `${why}${state === "ok" || from === undefined ? "" : ` (package ${from})`}`,
  ]);
  const widths = [0, 1, 2].map((column) => Math.max(...rows.map((row) => (row[column] ?? "").length)));
  return rows
    .map((row) =>
      row
        .map((cell, at) => cell.padEnd(widths[at] ?? 0))
        .join("  ")
        .trimEnd(),
    )
    .join("\n");
}
