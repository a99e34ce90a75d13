import { expect, test } from "vitest";
import { Failure } from "../../src/failure.ts";
import {
  baseChainOf,
  modulePathOf,
  parseRecord,
  recordPathOf,
  renderRecord,
  type ModuleRecord,
} from "../../src/netboot/record.ts";

const digest = (letter: string): string => letter.repeat(64);

const record: ModuleRecord = {
  format: 1,
  name: "console",
  chain: "base-essential-console",
  parent: digest("b"),
  sha256: digest("c"),
  bytes: 4096,
  below: [digest("a"), digest("b")],
  configuration: false,
};
const { parent: _, ...orphan } = record;
const base: ModuleRecord = { ...orphan, name: "base", chain: "base", below: [] };

const faultsOf = (text: string): string => {
  try {
    parseRecord(text, "02-console.module");
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return "";
};

test("a record lies beside its module, which is found by the name of either", () => {
  expect(recordPathOf("live/03-console.squashfs")).toBe("live/03-console.module");
  for (const named of ["live/03-console.squashfs", "live/03-console.module"])
    expect(modulePathOf(named)).toBe("live/03-console.squashfs");
});

test("a record has one line a key, in order, and the lowest module stands on null", () => {
  const lines = renderRecord(base).split("\n");
  expect(lines.slice(1, -2).map((line) => /"(\w+)"/.exec(line)?.[1])).toEqual([
    ...["below", "bytes", "chain", "configuration", "format", "name", "parent", "sha256"],
  ]);
  expect(lines).toContain('  "parent": null,');
});

test.each([record, base])("a record of $name is read as it was written", (each) => {
  expect(parseRecord(renderRecord(each))).toEqual(each);
});

test.each([
  ["that is no JSON", () => "{", /02-console\.module: it is not JSON/],
  ["that is a list", () => "[]", /it is not an object/],
  ["of another format", (it: string) => it.replace('"format": 1', '"format": 2'), /format must be 1/],
  [
    "whose parent is not the topmost below",
    (it: string) => it.replace(`"parent": "b`, `"parent": "d`),
    /the last of "below"/,
  ],
  ["that says nothing of what is below", (it: string) => it.replace(/"below": .*\n/, ""), /below must be a list/],
  [
    "that does not say whether it is configuration",
    (it: string) => it.replace("false", '"no"'),
    /configuration must be/,
  ],
])("a record %s is refused", (_what, spoil: (text: string) => string, message) => {
  expect(faultsOf(spoil(renderRecord(record)))).toMatch(message);
});

test("all that is wrong with a record is told at once", () => {
  expect(faultsOf("{}").split("\n")).toHaveLength(7);
});

test.each([
  ["base-essential", record],
  ["nothing", base],
  ["base-console", { chain: "base-console-console", name: "console" }],
  ["base-other", { chain: "base-other", name: "console" }],
])("what a module stands on is called %s", (chain, each) => {
  expect(baseChainOf(each)).toBe(chain);
});
