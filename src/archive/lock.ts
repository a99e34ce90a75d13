import { parse } from "yaml";
import { Failure } from "../failure.ts";
import type { ReleaseFacts } from "../plan/facts.ts";
import type { ArchiveFile } from "./indices.ts";
import { broken, Fields } from "./lock-fields.ts";
import type { WantedPackage } from "./wanted.ts";

/** One state of a recipe's archives and every package that its build takes from them, as `recipe.lock` says it. */
export interface Lock {
  readonly suite: string;
  readonly architecture: string;
  readonly releases: readonly LockedRelease[];
  readonly indices: readonly ArchiveFile[];
  readonly packages: readonly LockedPackage[];
  /** The record of a finished build that says so, where no recipe.lock does: that state is past, and nothing moves it. */
  readonly recorded?: string;
}

/** What a person calls it. */
export const called = ({ recorded }: Lock): string => recorded ?? "recipe.lock";

/** Where an archive's old state can still be had, and how a lock gets a newer one. */
export const elsewhere = ({ recorded }: Lock): string =>
  `${recorded === undefined ? "livewright lock --update, or " : ""}name an archive that keeps old states with --mirror (https://snapshot.debian.org)`;

/** The digest is that of the InRelease file. */
export type LockedRelease = Pick<ReleaseFacts, "role" | "suite" | "components" | "digest" | "date">;
export type LockedPackage = Omit<WantedPackage, "file">;

const heading = `# Written by livewright lock; move it with livewright lock --update. Keep it beside the recipe, under version control.
# Release files, indices and packages by sha256: as long as this file stays, every build takes exactly these.
`;

/** The file's text: one release, index or package a line, so that a difference reads well. */
export function printLock(lock: Lock): string {
  const { format, suite, architecture, ...sections } = lockRecord(lock);
  const section = (name: string, lines: readonly string[]): string =>
    lines.length === 0 ? `${name}: []\n` : `${name}:\n${lines.map((each) => `  - ${each}\n`).join("")}`;
  return [
    heading,
    `format: ${String(format)}\nsuite: ${JSON.stringify(suite)}\narchitecture: ${architecture}\n`,
    ...Object.entries(sections).map(([name, entries]) => section(name, entries.map(flow))),
  ].join("");
}

type Entries = readonly Readonly<Record<string, unknown>>[];

/** A lock as a value that JSON can hold, everything in it sorted: `lockIn` reads it again. */
export const lockRecord = ({
  suite,
  architecture,
  releases,
  indices,
  packages,
}: Lock): {
  readonly format: number;
  readonly suite: string;
  readonly architecture: string;
  readonly releases: Entries;
  readonly indices: Entries;
  readonly packages: Entries;
} => ({
  format: 1,
  suite,
  architecture,
  releases: releases.map(({ role, suite: each, components, date, digest }) => ({
    role,
    suite: each,
    components: [...components],
    date: day(date),
    sha256: digest,
  })),
  indices: sorted(indices, ({ role, path }) => [role, path]).map(({ role, path, sha256, size }) => ({
    role,
    path,
    sha256,
    size,
  })),
  packages: sorted(packages, nameOf).map(({ name, version, architecture: each, sha256, size, role, path }) => ({
    name,
    version,
    architecture: each,
    sha256,
    size,
    role,
    path,
  })),
});

const flow = (fields: Readonly<Record<string, unknown>>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ")}}`;

/** Seconds since 1970 as a lock spells them. */
export const day = (seconds: number): string => new Date(seconds * 1000).toISOString();

const nameOf = ({ name, architecture, version }: LockedPackage): readonly string[] => [name, architecture, version];

function sorted<Item>(items: readonly Item[], by: (item: Item) => readonly string[]): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: by(item).join("\t") }));
  const unique = new Map(keyed.map((each) => [each.key, each]));
  return [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}

/** Read a lock's text; `file` is what a person calls it. */
export const parseLock = (text: string, file: string): Lock => lockIn(contentOf(text, file), file);

/** Read what `lockRecord` gave. */
export function lockIn(content: unknown, file: string): Lock {
  const fields = new Fields(content, file, file);
  if (fields.number("format") !== 1)
    throw new Failure("recipe-invalid", `${file} is of another format than this program's`, {
      remedy: "livewright lock --update",
    });
  return {
    suite: fields.text("suite", /^\S+$/),
    architecture: fields.text("architecture", /^[a-z0-9-]+$/),
    releases: fields.list("releases").map((each) => ({
      role: each.text("role", names),
      suite: each.text("suite", safePath),
      components: each.texts("components"),
      date: Math.floor(Date.parse(each.text("date", /^\d{4}-\d\d-\d\dT[0-9:.]+Z$/)) / 1000),
      digest: each.text("sha256", digests),
    })),
    indices: fields.list("indices").map((each) => fileIn(each)),
    packages: fields.list("packages").map((each) => ({
      ...fileIn(each),
      name: each.text("name", /^[a-z0-9][a-z0-9+.-]+$/),
      version: each.text("version", /^\S+$/),
      architecture: each.text("architecture", /^[a-z0-9-]+$/),
    })),
  };
}

const digests = /^[0-9a-f]{64}$/;
const names = /^[A-Za-z0-9][A-Za-z0-9_.+-]*$/;
const safePath = /^(?!\/)(?!(?:.*\/)?\.\.(?:\/|$))\S+$/;

const fileIn = (fields: Fields): ArchiveFile => ({
  role: fields.text("role", names),
  path: fields.text("path", safePath),
  sha256: fields.text("sha256", digests),
  size: fields.number("size"),
});

function contentOf(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (error) {
    throw broken(file, `is not YAML: ${(error as Error).message}`);
  }
}
