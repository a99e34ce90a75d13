import type { Firmware, LinuxEntry, MediumRecord } from "../medium.ts";
import type { Login } from "./login.ts";
import { wishesOf } from "./wishes.ts";
import { quoted, type Answer, type Shell } from "./shell.ts";

/** One thing asked of the running guest, and what came of it. */
export interface Finding {
  readonly name: string;
  readonly passed: boolean;
  /** Why it did not pass, or what was seen. */
  readonly detail: string;
}

export interface Question {
  readonly name: string;
  readonly command: string;
  /** Seconds the guest may take. */
  readonly within?: number;
  /** What is wrong with the answer, or undefined. */
  readonly fault: (answer: Answer, asked: Shell["user"]) => string | undefined;
  readonly root?: boolean;
}

/** Everything a booted live system is asked, in order. */
export function liveQuestions(
  record: MediumRecord | undefined,
  entry: LinuxEntry | undefined,
  { login, firmware }: { readonly login: Login; readonly firmware: Firmware },
): readonly Question[] {
  return [
    startedBy(firmware),
    ...(entry === undefined ? [] : [argumentsOf(entry), ...wishesOf(entry, login.user)]),
    ...(record === undefined || record.modules.length === 0 ? [] : [layersOf(record.modules)]),
    settled,
    noFailedUnits,
    passwordOf(login),
    ...(record?.user.sudo === true ? [inSudo(login.user)] : []),
    ...(record?.rootLocked === true ? [rootLocked] : []),
    ...(record === undefined ? [] : [kernelIs(record.kernel)]),
  ];
}

export const ownChecks = (checks: readonly string[]): readonly Question[] =>
  checks.map((command) => ({
    name: `check: ${command}`,
    command,
    within: 300,
    fault: ({ status, output }) => (status === 0 ? undefined : `exit status ${String(status)}\n${output}`.trim()),
  }));

export async function askAll(shell: Shell, questions: readonly Question[]): Promise<readonly Finding[]> {
  const findings: Finding[] = [];
  for (const { name, command, within, fault, root } of questions) {
    if (root === true && shell.user !== "root") continue;
    const answer = await shell.ask(name, command, within);
    const wrong = fault(answer, shell.user);
    findings.push({ name, passed: wrong === undefined, detail: wrong ?? answer.output.slice(-2000) });
  }
  return findings;
}

/** The kernel's command line holds every argument of the entry, in its order, as separate words. */
export const argumentsOf = (entry: LinuxEntry): Question => ({
  name: "the kernel was given the entry's arguments",
  command: "cat /proc/cmdline",
  fault: ({ output }) => {
    const words = ` ${output.trim().replaceAll(/\s+/g, " ")} `;
    const lacking = entry.arguments
      .join(" ")
      .split(/\s+/)
      .filter((word) => word !== "" && !words.includes(` ${word} `));
    return lacking.length === 0 ? undefined : `missing: ${lacking.join(" ")}\nthe kernel has: ${output}`;
  },
});

const startedBy = (firmware: Firmware): Question => ({
  name: `the kernel was started by ${firmware}`,
  // The variable's value follows four bytes of attributes (UEFI specification, 3.3; Linux, efivarfs).
  command:
    "test -d /sys/firmware/efi || { echo bios; exit; };" +
    " od -An -tu1 -j4 -N1 /sys/firmware/efi/efivars/SecureBoot-8be4df61-93ca-11d2-aa0d-00e098032b8c",
  fault: ({ output }) => {
    const seen = ({ bios: "bios", "1": "secure-boot" } as Record<string, Firmware>)[output.trim()] ?? "uefi";
    return seen === firmware ? undefined : `it was started by ${seen}: ${output}`;
  },
});

/** live-boot mounts the first module lowest; overlayfs lists the highest first. */
const layersOf = (modules: readonly string[]): Question => ({
  name: "the layers are mounted in the right order",
  command: "cat /proc/mounts",
  fault: ({ output }) => {
    const mounted = layersIn(output);
    if (mounted === undefined) return `the root is no overlay:\n${output.split("\n").slice(0, 40).join("\n")}`;
    const wanted = [...modules].reverse();
    return mounted.join(" ") === wanted.join(" ")
      ? undefined
      : `wanted ${wanted.join(" ")}, mounted ${mounted.join(" ")}`;
  },
});

/** Base names of the root overlay's lower layers, highest first. */
export function layersIn(mounts: string): readonly string[] | undefined {
  const root = /^overlay \/ overlay (?:\S*,)?lowerdir=([^, ]+)/m.exec(mounts)?.[1];
  return root?.split(":").map((path) => path.replace(/\/+$/, "").replace(/^.*\//, ""));
}

/**
 * The wait ends with the boot, but not later than given: a unit may hang for ever. The scope of a login that was given up
 * is forgotten first: on a machine that is slower than login's patience, that was us.
 */
const settled: Question = {
  name: "systemd has started everything",
  command:
    "systemctl reset-failed 'session-*.scope' 2>/dev/null; timeout 240 systemctl is-system-running --wait; systemctl list-jobs --no-pager | head -20",
  within: 300,
  fault: ({ output }) => (output.split("\n")[0] === "running" ? undefined : `the system is ${output}`),
};

const noFailedUnits: Question = {
  name: "no unit has failed",
  command: "systemctl --failed --plain --no-legend --no-pager",
  fault: ({ status, output }) =>
    status === 0 && output.trim() === "" ? undefined : `failed: ${output.trim() || `status ${String(status)}`}`,
};

/** pam_unix's own helper (unix_chkpwd(8)) says whether a password is right. An autologin may have spared us typing it. */
const passwordOf = ({ user, password }: Login): Question => ({
  name: `user ${user} has the password`,
  command: `printf '%s\\0' ${quoted(password)} | /usr/sbin/unix_chkpwd ${quoted(user)} nonull`,
  root: true,
  fault: ({ status }) => (status === 0 ? undefined : "the password is wrong, or there is no such user"),
});

const inSudo = (user: string): Question => ({
  name: `user ${user} may use sudo`,
  command: `id -nG ${quoted(user)}`,
  fault: ({ output }, user) =>
    user === "root" && output.split(/\s+/).includes("sudo") ? undefined : `groups: ${output}; asked as ${user}`,
});

/** shadow(5): a hash that begins with "!" or "*" is one that no password has. */
const rootLocked: Question = {
  name: "root's password is locked",
  command: "getent shadow root | cut -d: -f2 | cut -c1",
  root: true,
  fault: ({ output }) => (output === "!" || output === "*" ? undefined : "root has a usable password"),
};

const kernelIs = (release: string): Question => ({
  name: `the kernel is ${release}`,
  command: "uname -r",
  fault: ({ output }) => (output === release ? undefined : `it is ${output}`),
});
