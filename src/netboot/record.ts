import { Failure } from "../failure.ts";
import { digestPattern } from "./digest.ts";

/** What a module says of itself in `NN-NAME.module` beside it: what it is and what it stands on. */
export interface ModuleRecord {
  readonly format: 1;
  readonly name: string;
  /** Names from the lowest module to this one, joined with "-". */
  readonly chain: string;
  /** sha256 of the squashfs below; the lowest has none. */
  readonly parent?: string;
  /** sha256 of the squashfs that this is about. */
  readonly sha256: string;
  readonly bytes: number;
  /** sha256 of each squashfs below, lowest first; the last one is the parent. */
  readonly below: readonly string[];
  /** Holds no state of dpkg, so that it may come to stand on a newer base. */
  readonly configuration: boolean;
}

/** The record's path, beside its module's. */
export const recordPathOf = (module: string): string => module.replace(/\.squashfs$/, ".module");

/** The module's path, whether that or its record's is named. */
export const modulePathOf = (named: string): string => named.replace(/\.module$/, ".squashfs");

/** The chain of what a module stands on. */
export const baseChainOf = ({ chain, name }: Pick<ModuleRecord, "chain" | "name">): string =>
  chain === name ? "nothing" : chain.endsWith(`-${name}`) ? chain.slice(0, -name.length - 1) : chain;

/** One line a key, sorted, so that two records are compared by diff(1). */
export function renderRecord({ parent, ...known }: ModuleRecord): string {
  const fields = Object.entries({ ...known, parent: parent ?? null }).sort(([one], [other]) => (one < other ? -1 : 1));
  return `{\n${fields.map(([key, value]) => `  ${JSON.stringify(key)}: ${JSON.stringify(value)}`).join(",\n")}\n}\n`;
}

/** Read a record, or tell everything that is wrong with it. `name` is what messages call it. */
export function parseRecord(text: string, name = "the module's record"): ModuleRecord {
  const found = objectIn(text, name);
  const { name: called, chain, parent, sha256, bytes, below, configuration } = found;
  const faults = [
    ...(found["format"] === 1 ? [] : ["format must be 1"]),
    ...(typeof called === "string" && word.test(called) ? [] : ["name must be a module's name"]),
    ...(typeof chain === "string" && word.test(chain) ? [] : ['chain must be names joined with "-"']),
    ...(isDigest(sha256) ? [] : ["sha256 must be 64 hexadecimal digits"]),
    ...(typeof bytes === "number" && Number.isSafeInteger(bytes) && bytes > 0
      ? []
      : ["bytes must be a number above 0"]),
    ...(typeof configuration === "boolean" ? [] : ["configuration must be true or false"]),
    ...parentFaults(parent, below),
  ];
  if (faults.length > 0) throw spoilt(name, faults);
  return {
    format: 1,
    name: called as string,
    chain: chain as string,
    ...(parent === null ? {} : { parent: parent as string }),
    sha256: sha256 as string,
    bytes: bytes as number,
    below: below as readonly string[],
    configuration: configuration as boolean,
  };
}

function objectIn(text: string, name: string): Readonly<Record<string, unknown>> {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value === "object" && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
  } catch (cause) {
    throw spoilt(name, ["it is not JSON"], cause);
  }
  throw spoilt(name, ["it is not an object"]);
}

const spoilt = (name: string, faults: readonly string[], cause?: unknown): Failure =>
  new Failure("verification-failed", faults.map((fault) => `${name}: ${fault}`).join("\n"), {
    remedy: "take the module and its record from the same place again",
    cause,
  });

const word = /^[a-z0-9][a-z0-9._+-]*$/;

const isDigest = (value: unknown): value is string => typeof value === "string" && digestPattern.test(value);

function parentFaults(parent: unknown, below: unknown): readonly string[] {
  if (!Array.isArray(below) || !below.every(isDigest)) return ["below must be a list of sha256, lowest first"];
  if (parent !== null && !isDigest(parent)) return ["parent must be a sha256, or null for the lowest module"];
  const last = below.at(-1) ?? null;
  return last === parent ? [] : [`parent is ${String(parent)}, but the last of "below" is ${String(last)}`];
}
