import { parse } from "yaml";
import { Failure } from "../failure.ts";
import type { ReleaseFacts } from "../plan/stage.ts";
import type { ArchiveFile } from "./indices.ts";
import type { WantedPackage } from "./wanted.ts";

/** One state of a recipe's archives and every package that its build takes from them, as `recipe.lock` says it. */
export interface Lock {
  readonly suite: string;
  readonly architecture: string;
  readonly releases: readonly LockedRelease[];
  readonly indices: readonly ArchiveFile[];
  readonly packages: readonly LockedPackage[];
}

/** The digest is that of the InRelease file. */
export type LockedRelease = Pick<ReleaseFacts, "role" | "suite" | "components" | "digest" | "date">;
export type LockedPackage = Omit<WantedPackage, "file">;

const heading = `# Written by livewright lock; move it with livewright lock --update. Keep it beside the recipe, under version control.
# Release files, indices and packages by sha256: as long as this file stays, every build takes exactly these.
`;

/** The file's text: one release, index or package a line, sorted, so that a difference reads well. */
export function printLock({ suite, architecture, releases, indices, packages }: Lock): string {
  const section = (name: string, lines: readonly string[]): string =>
    lines.length === 0 ? `${name}: []\n` : `${name}:\n${lines.map((each) => `  - ${each}\n`).join("")}`;
  return [
    heading,
    `format: 1\nsuite: ${JSON.stringify(suite)}\narchitecture: ${architecture}\n`,
    section(
      "releases",
      releases.map(({ role, suite: each, components, date, digest }) =>
        flow({ role, suite: each, components: [...components], date: day(date), sha256: digest }),
      ),
    ),
    section(
      "indices",
      sorted(indices, ({ role, path }) => [role, path]).map(({ role, path, sha256, size }) =>
        flow({ role, path, sha256, size }),
      ),
    ),
    section(
      "packages",
      sorted(packages, nameOf).map(({ name, version, architecture: each, sha256, size, role, path }) =>
        flow({ name, version, architecture: each, sha256, size, role, path }),
      ),
    ),
  ].join("");
}

const flow = (fields: Readonly<Record<string, unknown>>): string =>
  `{${Object.entries(fields)
    .map(([name, value]) => `${name}: ${JSON.stringify(value)}`)
    .join(", ")}}`;

const day = (seconds: number): string => new Date(seconds * 1000).toISOString();

const nameOf = ({ name, architecture, version }: LockedPackage): readonly string[] => [name, architecture, version];

function sorted<Item>(items: readonly Item[], by: (item: Item) => readonly string[]): readonly Item[] {
  const keyed = items.map((item) => ({ item, key: by(item).join("\t") }));
  const unique = new Map(keyed.map((each) => [each.key, each]));
  return [...unique.values()].sort((a, b) => (a.key < b.key ? -1 : 1)).map(({ item }) => item);
}

/** Read a lock's text; `file` is what a person calls it. */
export function parseLock(text: string, file: string): Lock {
  const fields = new Fields(contentOf(text, file), file, file);
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

/** A map of the lock, every field of which is asked for what it must be. */
class Fields {
  readonly #map: Readonly<Record<string, unknown>>;
  readonly #file: string;
  readonly #where: string;
  constructor(value: unknown, where: string, file: string) {
    if (typeof value !== "object" || value === null || Array.isArray(value))
      throw broken(file, `${where} is not a map`);
    this.#map = value as Readonly<Record<string, unknown>>;
    this.#file = file;
    this.#where = where;
  }

  text(name: string, shape: RegExp): string {
    const value = this.#map[name];
    if (typeof value !== "string" || !shape.test(value)) throw this.#wrong(name);
    return value;
  }

  number(name: string): number {
    const value = this.#map[name];
    if (typeof value !== "number" || !Number.isSafeInteger(value) || value < 0) throw this.#wrong(name);
    return value;
  }

  texts(name: string): readonly string[] {
    const value = this.#map[name];
    if (!Array.isArray(value) || !value.every((each) => typeof each === "string")) throw this.#wrong(name);
    return value;
  }

  list(name: string): readonly Fields[] {
    const value = this.#map[name];
    if (!Array.isArray(value)) throw this.#wrong(name);
    return value.map((each: unknown, at) => new Fields(each, `${name}[${String(at)}]`, this.#file));
  }

  #wrong(name: string): Failure {
    const where = this.#where === this.#file ? name : `${this.#where}.${name}`;
    return broken(this.#file, `${where} is missing or is not what it should be`);
  }
}

const broken = (file: string, what: string): Failure =>
  new Failure("recipe-invalid", `${file}: ${what}`, {
    remedy: "take it from version control, or livewright lock --update",
  });

/** Refuse a lock that was made for another recipe than this one has become. */
export function judgeFit(lock: Lock, asked: { readonly suite: string; readonly architecture: string }): void {
  const faults = (["suite", "architecture"] as const).flatMap((name) =>
    lock[name] === asked[name] ? [] : [`${name} is ${asked[name]}, and was ${lock[name]} when it was locked`],
  );
  if (faults.length > 0) throw misfit(faults);
}

/** The same, for the archives that the recipe turned out to read. */
export function judgeReleases(lock: Lock, releases: readonly ReleaseFacts[]): void {
  const spell = ({ suite, components }: Pick<LockedRelease, "suite" | "components">): string =>
    `${suite} ${components.join(" ")}`;
  const roles = [...new Set([...lock.releases, ...releases].map(({ role }) => role))];
  const faults = roles.flatMap((role) => {
    const [was, is] = [lock.releases, releases].map((all) => all.find((each) => each.role === role));
    if (was === undefined) return [`the archive ${role} is not in the lock`];
    if (is === undefined) return [`the lock has an archive ${role}, which the recipe does not name`];
    return spell(was) === spell(is) ? [] : [`${role} is ${spell(is)}, and was ${spell(was)} when it was locked`];
  });
  if (faults.length > 0) throw misfit(faults);
}

export const misfit = (faults: readonly string[]): Failure =>
  new Failure("recipe-invalid", [`recipe.lock does not fit the recipe:`, ...faults].join("\n  "), {
    remedy: "livewright lock --update",
  });

/** A lock may name no other index than the signed Release files do. */
export function judgeIndices(lock: Lock | undefined, signed: readonly ArchiveFile[]): void {
  const faults = (lock?.indices ?? []).flatMap(({ role, path, sha256 }) => {
    const named = signed.find((each) => each.role === role && each.path === path);
    return named?.sha256 === sha256 ? [] : [`${role} ${path}`];
  });
  if (faults.length > 0) throw forged("the signed Release file", faults);
}

/** Nor another package than the signed indices do. Returns what to warn of: what the lock does not name yet. */
export function judgePackages(lock: Lock | undefined, wanted: readonly WantedPackage[]): readonly string[] {
  if (lock === undefined) return [];
  const locked = new Map(lock.packages.map((each) => [`${each.role}/${each.path}`, each.sha256]));
  const known = wanted.map((each) => ({ ...each, was: locked.get(`${each.role}/${each.path}`) }));
  const faults = known.filter(({ was, sha256 }) => was !== undefined && was !== sha256);
  if (faults.length > 0)
    throw forged(
      "the archive's signed index",
      faults.map(({ file }) => file),
    );
  const fresh = known.filter(({ was }) => was === undefined).map(({ name }) => name);
  return fresh.length === 0
    ? []
    : [`recipe.lock does not name ${fresh.join(", ")} yet, taken from the locked state: livewright lock adds them`];
}

const forged = (by: string, what: readonly string[]): Failure =>
  new Failure("verification-failed", [`recipe.lock names a digest that ${by} does not:`, ...what].join("\n  "), {
    remedy: "take recipe.lock from version control, or livewright lock --update",
  });

/** What a new lock changes, in words: archives first, then packages by name. */
export function changes(before: Lock | undefined, after: Lock): readonly string[] {
  const dated = after.releases.flatMap(({ role, suite, date, digest }) => {
    const was = before?.releases.find((each) => each.role === role);
    if (was?.digest === digest) return [];
    return [`${role} ${suite}: ${was === undefined ? "" : `${day(was.date)} → `}${day(date)}`];
  });
  const [old, now] = [before, after].map(versions) as [Versions, Versions];
  const moved = [...new Set([...old.keys(), ...now.keys()])].sort().flatMap((name) => {
    const [was, is] = [old.get(name), now.get(name)];
    if (was === is) return [];
    if (was === undefined) return [`added ${name} ${is ?? ""}`];
    return [is === undefined ? `removed ${name} ${was}` : `changed ${name} ${was} → ${is}`];
  });
  return [...dated, ...moved];
}

type Versions = ReadonlyMap<string, string>;

const versions = (lock: Lock | undefined): Versions =>
  new Map((lock?.packages ?? []).map(({ name, architecture, version }) => [`${name}:${architecture}`, version]));
