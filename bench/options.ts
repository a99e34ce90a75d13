import { parseArgs } from "node:util";
import { peerNames, type PeerName } from "./figures.ts";
import { rows, type Row } from "./rows.ts";

/** The two measurements of growth, chosen as rows are. */
export const growths = ["layers", "files"] as const;
export type GrowthName = (typeof growths)[number];

export interface Options {
  readonly help: boolean;
  readonly rows: readonly Row[];
  readonly growths: readonly GrowthName[];
  readonly peers: readonly PeerName[];
  /** A report whose figures of the peers are taken over instead of measured. */
  readonly reuse: string | undefined;
  /** The figures' file is of a run that was stopped: what that built is not built again. */
  readonly resume: boolean;
  /** A Markdown file whose generated block is replaced. */
  readonly out: string | undefined;
  readonly json: string;
  readonly work: string;
}

/** What the bench was asked for; what cannot be is thrown as a sentence. */
export function options(words: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...words],
    options: {
      only: { type: "string", multiple: true, default: [] },
      "skip-peer": { type: "string", multiple: true, default: [] },
      "reuse-peers": { type: "string" },
      resume: { type: "boolean", default: false },
      out: { type: "string" },
      json: { type: "string", default: ".livewright/bench.json" },
      work: { type: "string", default: "/var/tmp/livewright-bench" },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  const only = values.only.flatMap((list) => list.split(","));
  const known = [...rows.map(({ name }) => name), ...growths];
  for (const name of only) oneOf(name, known, "--only");
  for (const name of values["skip-peer"]) oneOf(name, peerNames, "--skip-peer");
  const wanted = (name: string): boolean => only.length === 0 || only.includes(name);
  return {
    help: values.help,
    rows: rows.filter(({ name }) => wanted(name)),
    growths: growths.filter(wanted),
    peers: peerNames.filter((name) => !values["skip-peer"].includes(name)),
    reuse: values["reuse-peers"],
    resume: values.resume,
    out: values.out,
    json: values.json,
    work: values.work,
  };
}

function oneOf(word: string, known: readonly string[], option: string): void {
  if (!known.includes(word)) throw new Error(`${option}: "${word}" is none of ${known.join(", ")}`);
}

export const help = `Usage: npm run bench -- [options]

Builds one package set with Livewright, live-build and a hand-written script, measures each, and prints a table.
Needs root, a Debian machine that does nothing else, 20 GB of space, and about an hour.

  --only ROW[,ROW...]   only these rows: ${rows.map(({ name }) => name).join(", ")};
                        or growth: ${growths.join(", ")}
  --skip-peer NAME      leave out live-build, script or livewright; may be repeated
  --reuse-peers FILE    take the peers' figures from an earlier run's JSON; they are marked
  --resume              go on after a run that was stopped: builds whose figures are in the JSON file are not repeated
  --json FILE           where the figures are written (.livewright/bench.json)
  --out FILE            put the table between the markers of this Markdown file
  --work FOLDER         where it works; downloads are kept there (/var/tmp/livewright-bench)
  -h, --help            print this
`;
