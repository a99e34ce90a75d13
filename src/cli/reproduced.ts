import { join } from "node:path";
import type { Change, Difference } from "../compare/difference.ts";
import { show, type Shown } from "../compare/diffoscope.ts";
import { compareMedia } from "../compare/media.ts";
import { Samples } from "../compare/samples.ts";
import { clean } from "../report/words.ts";
import { digestsOf } from "../system/digests.ts";
import { compareFolders, folderDigest } from "../compare/folders.ts";
import { sumOf, type Sums } from "./build-record.ts";

/** What came of building once more. Printed with --json as it is. */
export interface Reproduced {
  readonly same: boolean;
  /** What the medium is called. */
  readonly name: string;
  /** Digests that build.json tells, and those of the build that was made now. */
  readonly recorded: Sums;
  readonly rebuilt: Sums;
  /** Digest of the published medium, if it was there to be compared. */
  readonly published?: string;
  readonly warnings: readonly string[];
  /** How the published medium and the rebuilt one differ. */
  readonly differences: readonly Difference[];
  readonly diffoscope: Shown;
}

export interface Outcome {
  readonly name: string;
  readonly recorded: Sums;
  readonly rebuilt: Sums;
  /** The medium that was made now. */
  readonly made: string;
  /** The published one, if it is there. */
  readonly published: string | undefined;
  readonly warnings: readonly string[];
  /** A folder for what must lie on a disk meanwhile. */
  readonly folder: string;
  readonly signal: AbortSignal;
}

/** Say whether a build gave the same, and if not, how the media differ. */
export async function judge({ made, published, folder, signal, ...told }: Outcome): Promise<Reproduced> {
  const { recorded, rebuilt } = told;
  const folders = recorded.netboot !== undefined;
  const digest =
    published === undefined ? undefined : await (folders ? folderDigest(published, signal) : sha256(published));
  const same = sumOf(rebuilt) === sumOf(recorded) && (digest === undefined || digest === sumOf(recorded));
  const known = { same, ...told, ...(digest === undefined ? {} : { published: digest }) };
  if (published === undefined || digest === sumOf(rebuilt))
    return { ...known, differences: [], diffoscope: { state: "not needed" } };
  if (folders) {
    const differences = await compareFolders({ published, rebuilt: made, signal });
    return { ...known, differences, diffoscope: { state: "not needed" } };
  }
  const samples = await Samples.open(join(folder, "compared"));
  const differences = await compareMedia({ published, rebuilt: made, samples, signal });
  return { ...known, differences, diffoscope: await show(samples, signal) };
}

async function sha256(path: string): Promise<string> {
  const [digest = ""] = await digestsOf(path, ["sha256"]);
  return digest;
}

/** So many differences are told; the others are in the JSON object. */
const most = 40;

/** For people. */
export function inWords(outcome: Reproduced): string {
  const { same, name, recorded, rebuilt, published, differences } = outcome;
  if (same)
    return [
      `${sumOf(rebuilt)}  ${name}`,
      published === undefined
        ? `Built again, it is the same. The ${rebuilt.iso === undefined ? "folder" : "ISO"} itself was not there: compare ${rebuilt.iso === undefined ? "the sha256 of its SHA256SUMS" : "its sha256"} with this one.`
        : "Built again, it is the same.",
    ].join("\n");
  const more = differences.length - most;
  return [
    ...[`recorded   ${sumOf(recorded)}`, ...(published === undefined ? [] : [`published  ${published}`])],
    `rebuilt    ${sumOf(rebuilt)}`,
    "",
    ...Object.keys({ ...recorded.files, ...rebuilt.files }).map((part) => partInWords(part, outcome)),
    ...(differences.length === 0 ? [] : ["", ...differences.slice(0, most).flatMap(differenceInWords)]),
    ...(more > 0 ? [`… and ${String(more)} more, all of them with --json`] : []),
    ...shownInWords(outcome.diffoscope),
  ]
    .map(clean)
    .join("\n");
}

const partInWords = (part: string, { recorded, rebuilt }: Reproduced): string =>
  `${recorded.files[part] === rebuilt.files[part] ? "as recorded" : "DIFFERS    "}  ${part}`;

const differenceInWords = ({ path, inside, changes }: Difference): readonly string[] => [
  inside === undefined ? path : `${path}: ${inside}`,
  ...changes.map((change) => `  ${changeInWords(change)}`),
];

function changeInWords({ what, published, rebuilt, firstByte }: Change): string {
  if (what === "presence") return `only on the ${rebuilt === undefined ? "published" : "rebuilt"} medium`;
  if (firstByte !== undefined) return `content: differs from byte ${String(firstByte)} on`;
  if (published === undefined && rebuilt === undefined) return what;
  return `${what}: ${published ?? "absent"} published, ${rebuilt ?? "absent"} rebuilt`;
}

function shownInWords(shown: Shown): readonly string[] {
  switch (shown.state) {
    case "ran":
      return [
        ...["", "diffoscope says (published, rebuilt):", ...shown.lines],
        ...(shown.left > 0 ? [`… and ${String(shown.left)} lines more`] : []),
      ];
    case "absent":
      return ["", "diffoscope would show more: apt install diffoscope-minimal"];
    case "failed":
      return ["", `diffoscope could not say more: ${shown.why}`];
    case "not needed":
      return [];
  }
}
