import { audit, type Finding, type Verdict } from "../audit/audit.ts";
import { Failure } from "../failure.ts";
import { clean, size } from "../report/words.ts";
import type { InspectOptions } from "./options.ts";
import type { Session } from "./session.ts";

/** Say what is on a medium and whether it hangs together; status 5 when it does not. */
export async function inspect(iso: string, { json }: InspectOptions, session: Session): Promise<void> {
  const verdict = await audit(iso, session.signal);
  session.print(json ? JSON.stringify(verdict, null, 2) : inWords(verdict));
  const count = verdict.findings.filter(({ level }) => level === "error").length;
  if (count === 0) return;
  throw new Failure("verification-failed", `${iso} does not hang together: ${counted(count, "error")}`, {
    remedy: "if it is a copy, compare it with the original by its SHA256SUMS; otherwise build it again",
  });
}

/** A file cut in its middle has a finding for every file behind the cut. */
const shown = 30;

/** A compact table for people, and the findings below it. */
export function inWords({ facts, findings }: Verdict): string {
  const { bios, uefi, secureBoot } = facts.boot;
  const starts = [...(bios ? ["BIOS"] : []), ...(uefi ? ["UEFI"] : []), ...(secureBoot ? ["Secure Boot"] : [])];
  const rows: readonly (readonly [string, readonly string[]])[] = [
    [
      "medium",
      [[facts.name, facts.version, facts.suite, facts.architecture].filter((word) => word !== undefined).join(" ")],
    ],
    ["volume", facts.volume === undefined ? [] : [`${facts.volume}, ${size(facts.bytes)}`]],
    ["folder", facts.lists === undefined ? [] : [size(facts.bytes)]],
    ["starts by", [starts.join(", ") || "nothing"]],
    ["kernel", facts.kernels.map(({ path, release, signed }) => `${path} ${release}${signed ? ", signed" : ""}`)],
    ["modules", facts.modules.map(({ path, bytes, compression }) => `${path} ${size(bytes)} ${compression}`)],
    [
      "lists",
      (facts.lists ?? []).map(({ path, chain, memory }) => `${path} ${chain}, needs ${size(memory)} of memory`),
    ],
    [
      facts.lists === undefined ? "ESP" : "loaders",
      facts.loaders.map(({ path, machine, signed }) => `/${path} ${machine}${signed ? ", signed" : ""}`),
    ],
    [
      "partitions",
      facts.partitions.map(
        (each) => `${each.table} ${String(each.number)}: ${size(each.bytes)} at ${String(each.start)}`,
      ),
    ],
    ["BIOS menu", facts.entries.bios],
    ["UEFI menu", facts.entries.uefi],
    ["iPXE menu", facts.entries.ipxe ?? []],
    [
      "files",
      [`${String(facts.files)}: ${String(facts.checked)} as the checksum lists say, ${String(facts.exempt)} exempt`],
    ],
  ];
  const table = rows.flatMap(([name, lines]) =>
    lines.map((line, at) => `${(at === 0 ? name : "").padEnd(11)} ${line}`.trimEnd()),
  );
  const more = findings.length - shown;
  const rest = more > 0 ? [`… and ${String(more)} more, all of them with --json`] : [];
  const told = [...findings.slice(0, shown).flatMap(lines), ...rest];
  return [...table, "", ...told, summary(findings)].map(clean).join("\n");
}

const lines = ({ level, where, what, remedy }: Finding): string[] => [
  `${level}: ${where}: ${what}`,
  ...(remedy === undefined ? [] : [`  ${remedy}`]),
];

function summary(findings: readonly Finding[]): string {
  const count = (level: Finding["level"]): number => findings.filter((finding) => finding.level === level).length;
  if (findings.length === 0) return "It hangs together.";
  return [counted(count("error"), "error"), counted(count("warning"), "warning")].join(", ");
}

const counted = (count: number, word: string): string => `${String(count)} ${word}${count === 1 ? "" : "s"}`;
