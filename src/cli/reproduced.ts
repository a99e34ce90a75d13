import { join } from "node:path";
import type { Change, Difference } from "../compare/difference.ts";
import { show, type Shown } from "../compare/diffoscope.ts";
import { compareMedia } from "../compare/media.ts";
import { Samples } from "../compare/samples.ts";
import { clean } from "../report/words.ts";
import { digestsOf } from "../system/files.ts";
import type { Sums } from "./build-record.ts";

/** What came of building once more. Printed with --json as it is. */
export interface Reproduced {
  readonly same: boolean;
  /** The ISO's file name. */
  readonly name: string;
  /** Digests that build.json tells, and those of the build that was made now. */
  readonly recorded: Sums;
  readonly rebuilt: Sums;
  /** Digest of the published ISO, if it was there to be compared. */
  readonly published?: string;
  readonly warnings: readonly string[];
  /** How the published ISO and the rebuilt one differ. */
  readonly differences: readonly Difference[];
  readonly diffoscope: Shown;
}

export interface Outcome {
  readonly name: string;
  readonly recorded: Sums;
  readonly rebuilt: Sums;
  /** The ISO that was made now. */
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
  const [digest] = published === undefined ? [] : await digestsOf(published, ["sha256"]);
  const same = rebuilt.iso === recorded.iso && (digest === undefined || digest === recorded.iso);
  const known = { same, ...told, ...(digest === undefined ? {} : { published: digest }) };
  if (published === undefined || digest === rebuilt.iso)
    return { ...known, differences: [], diffoscope: { state: "not needed" } };
  const samples = await Samples.open(join(folder, "compared"));
  const differences = await compareMedia({ published, rebuilt: made, samples, signal });
  return { ...known, differences, diffoscope: await show(samples, signal) };
}

/** So many differences are told; the others are in the JSON object. */
const most = 40;

/** For people. */
export function inWords(outcome: Reproduced): string {
  const { same, name, recorded, rebuilt, published, differences } = outcome;
  if (same)
    return [
      `${rebuilt.iso}  ${name}`,
      published === undefined
        ? "Built again, it is the same. The ISO itself was not there: compare its sha256 with this one."
        : "Built again, it is the same.",
    ].join("\n");
  const more = differences.length - most;
  return [
    ...[`recorded   ${recorded.iso}`, ...(published === undefined ? [] : [`published  ${published}`])],
    `rebuilt    ${rebuilt.iso}`,
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
