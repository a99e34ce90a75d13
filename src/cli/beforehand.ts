import { join, relative } from "node:path";
import type { SourcePlace } from "../command.ts";
import { withoutSecrets } from "../plan/media/provenance.ts";
import { placeKey } from "../plan/facts.ts";
import type { Recipe } from "../recipe/recipe.ts";
import type { HostFacts } from "../survey/survey.ts";
import type { BuildRecord } from "./build-record.ts";
import type { Known } from "./prepare.ts";

/** What can be known before a build is made again: why it could not give the same, and why it may not. */
export interface Beforehand {
  readonly refusals: readonly string[];
  readonly warnings: readonly string[];
}

/** Compare a build's record with the recipe, the host and the program that are here. */
export function beforehand(record: BuildRecord, { loaded, host, wish }: Known): Beforehand {
  const { recipe, roots } = loaded;
  const own = new Map(sourcesIn(recipe).map((place) => [placeKey(place), place]));
  const changed = Object.keys(record.sources).filter((key) => {
    const now = host.digests[key];
    return now !== undefined && now !== record.sources[key];
  });
  const files = changed.flatMap((key) => own.get(key) ?? []);
  const secrets = changed.filter((key) => key.startsWith("secret:")).map((key) => key.slice("secret:".length));
  const program = changed.filter((key) => key.startsWith("program:") && !own.has(key));
  return {
    refusals: [
      ...recipeChanges(record.recipe, publicly(recipe)),
      ...files.map(({ root, path }) => `${shown(join(roots[root] ?? root, path))} is not what it was`),
      ...secrets.map((name) => `the password of ${name} is not what it was`),
    ],
    warnings: [
      ...(record.livewright === wish.by ? [] : [`this is livewright ${wish.by}, and ${record.livewright} built it`]),
      ...listed(
        "of this program's own files these are not what they were",
        program.map((key) => key.slice("program:".length)),
      ),
      ...listed("a medium names the tools that made it, and these are not what they were", toolChanges(record, host)),
      ...unlockable(recipe),
    ],
  };
}

/**
 * Which commit a hook is of says nothing about its bytes, and is on the medium: where the bytes are the same, it is believed. A
 * checkout without history gives the same medium then.
 */
export const hooksAsRecorded = ({ hooks, sources }: BuildRecord, host: HostFacts): HostFacts["hooks"] =>
  Object.keys({ ...hooks, ...host.hooks })
    .filter((key) => key in hooks || key in sources) // What only another medium is made with says nothing of this one.
    .every((key) => host.digests[key] === sources[key])
    ? hooks
    : host.hooks;

const shown = (path: string): string => {
  const short = relative(process.cwd(), path);
  return short.startsWith("..") ? path : short;
};

const listed = (what: string, names: readonly string[]): readonly string[] =>
  names.length === 0 ? [] : [`${what}: ${names.join(", ")}`];

const toolChanges = ({ tools }: BuildRecord, { versions }: HostFacts): readonly string[] =>
  [...new Set([...Object.keys(tools), ...Object.keys(versions)])]
    .sort()
    .filter((tool) => tools[tool] !== versions[tool])
    .map((tool) => `${tool} (${versions[tool] ?? "not used"}, was ${tools[tool] ?? "not used"})`);

const unlockable = ({ layers, installer }: Recipe): readonly string[] => [
  ...layers
    .filter(({ network }) => network)
    .map(({ name }) => `hooks of the layer ${name} reach the network, and may fetch something else by now`),
  ...(installer.kind !== "none" && installer.source === "mirror"
    ? ["the installer comes from the mirror as it is by now"]
    : []),
];

/** Every file and folder that a recipe names. */
function sourcesIn(value: unknown): readonly SourcePlace[] {
  if (typeof value !== "object" || value === null) return [];
  if ("at" in value && value.at === "source") return [value as SourcePlace];
  return Object.values(value).flatMap(sourcesIn);
}

/** As a record has it: without secrets and without what JSON does not hold. */
const publicly = (recipe: Recipe): unknown => JSON.parse(JSON.stringify(withoutSecrets(recipe)));

/** Where two recipes differ, each place once, as deep as it can be told. */
function recipeChanges(was: unknown, is: unknown, at = ""): readonly string[] {
  if (isMap(was) && isMap(is))
    return [...new Set([...Object.keys(was), ...Object.keys(is)])].flatMap((key) =>
      recipeChanges(was[key], is[key], at === "" ? key : `${at}.${key}`),
    );
  if (Array.isArray(was) && Array.isArray(is) && was.length === is.length)
    return was.flatMap((each, index) => recipeChanges(each, is[index], `${at}[${String(index)}]`));
  if (JSON.stringify(was) === JSON.stringify(is) || (was === undefined && isEmpty(is))) return [];
  return [`the recipe's ${at} is ${spelled(is)}, and was ${spelled(was)}`];
}

/** A key that the version which built did not know yet, and that says nothing. */
const isEmpty = (value: unknown): boolean => (Array.isArray(value) ? value.length === 0 : value === false);

const isMap = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null && !Array.isArray(value);

function spelled(value: unknown): string {
  const text = value === undefined ? "absent" : JSON.stringify(value);
  return text.length > 200 ? `${text.slice(0, 200)}…` : text;
}
