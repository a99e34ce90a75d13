import { expect, test } from "vitest";
import { mostBytes } from "../../src/recipe/document.ts";
import { faultsOf, load } from "./desk.ts";

const tags = ["!!js/function 'x'", "!!binary aGk=", "!Ref x", "!!python/object:os.system x"];

test("a bomb of aliases is refused alias by alias, and none is expanded", () => {
  const rows = Array.from(
    { length: 20 },
    (_, at) => `l${String(at + 1)}: &l${String(at + 1)} [*l${String(at)}, *l${String(at)}]`,
  );
  const faults = faultsOf(["name: demo", "l0: &l0 [lol, lol]", ...rows, ""].join("\n"));
  expect(faults).toContain("recipe.yaml:2:5: &l0: a recipe has no anchors; leave it out");
  expect(faults).toContain("recipe.yaml:22:12: *l19: a recipe has no aliases; write the value out");
  expect(faults).toHaveLength(82); // 21 anchors, 40 aliases, 21 unknown keys
});

test("a merge key is refused with what does its work", () => {
  expect(faultsOf("name: demo\n<<: { suite: sid }\n")).toEqual([
    "recipe.yaml:2:1: << merges maps in YAML 1.1 only; a recipe builds on another by extends",
  ]);
});

for (const tag of tags)
  test(`the tag ${tag} is refused`, () => {
    expect(faultsOf(`name: demo\nhostname: ${tag}\n`)[0]).toBe(
      `recipe.yaml:2:11: ${tag.split(" ")[0] ?? ""}: a recipe has no tags; put text in quotes`,
    );
  });

for (const [how, text, column] of [
  ["lists in brackets", `layers: ${"[".repeat(10_000)}${"]".repeat(10_000)}`, 25],
  ["brackets that never close", `layers: ${"[".repeat(30_000)}`, 25],
  ["maps in braces", `menu: ${"{a: ".repeat(6_000)}x${"}".repeat(6_000)}`, 71],
  ["dashes", "- ".repeat(10_000), 35],
  ["question marks", "? ".repeat(10_000), 35],
] as const)
  test(`thousands of ${how} are refused where the depth ends`, () => {
    expect(faultsOf(`${text}\n`)).toEqual([`recipe.yaml:1:${String(column)}: nested more than 16 deep`]);
  });

test("a file of 50 MB is refused unread", () => {
  const files = { "/desk/recipe.yaml": new Uint8Array(50_000_000).fill(0x61) };
  expect(faultsOf("", { files })).toEqual([
    `recipe.yaml:1:1: is 50000000 bytes long; a recipe has at most ${String(mostBytes)}`,
  ]);
});

test("of thousands of faults the first hundred are told", () => {
  const keys = Array.from({ length: 2500 }, (_, at) => `k${String(at)}: 1`);
  const faults = faultsOf(["name: demo", ...keys, ""].join("\n"));
  expect(faults).toHaveLength(100);
  expect(faults[0]).toBe("recipe.yaml:2:1: k0 is not a key of a recipe; docs/recipe.md tells them all");
});

test("of thousands of repetitions the first hundred are told, and how many there are", () => {
  const faults = faultsOf(`name: demo\n${"hostname: a\n".repeat(2000)}`);
  expect(faults).toHaveLength(101);
  expect(faults[99]).toBe("recipe.yaml:102:1: hostname is said twice; first in line 2");
  expect(faults[100]).toBe("and 1899 more");
});

test("a byte order mark and Windows' line ends change nothing", () => {
  const { recipe } = load("\uFEFFname: demo\r\nsuite: sid\r\nlayers:\r\n  - name: a\r\n    packages: [htop]\r\n");
  expect(recipe.suite).toBe("sid");
  expect(recipe.layers[0]?.packages).toEqual(["htop"]);
});

test("places are right behind a byte order mark and Windows' line ends", () => {
  expect(faultsOf("\uFEFFnme: demo\r\nname: demo\r\nhostname: A\r\n")).toEqual([
    "recipe.yaml:1:1: nme is not a key of a recipe; did you mean name?",
    'recipe.yaml:3:11: hostname: "A" is not a host name: a-z, 0-9 and inner hyphens, at most 63 characters',
  ]);
});

test("a byte that is not UTF-8 is told with its place", () => {
  const latin1 = new Uint8Array(Buffer.from("name: demo\ndescription: für alle\n", "latin1"));
  expect(faultsOf(latin1)).toEqual(["recipe.yaml:2:15: is not UTF-8 from here on"]);
});

test("UTF-16 is refused", () => {
  expect(faultsOf(new Uint8Array(Buffer.from("\uFEFFname: demo\n", "utf16le")))).toEqual([
    "recipe.yaml:1:1: is not UTF-8 from here on",
  ]);
});

test("a NUL is refused, written as such or escaped", () => {
  expect(faultsOf("name: de\u0000mo\n")).toEqual(["recipe.yaml:1:9: a control character has no place in a recipe"]);
  expect(faultsOf('name: demo\nmenu: { title: "a\\0b" }\n')).toEqual([
    'recipe.yaml:2:16: menu.title: "a\\u0000b" is not a line of at most 60 printable ASCII characters, for the BIOS menu has no others',
  ]);
});

test("what moves a terminal's cursor or turns its text around is told in escapes", () => {
  expect(faultsOf('name: demo\nhostname: "\\e[2J\u202Eabc"\n')[0]).toContain('"\\u001b[2J\\u202eabc"');
});

test("a directive that would turn no into false is refused", () => {
  expect(faultsOf("%YAML 1.1\n---\nname: demo\n")).toEqual(["recipe.yaml:1:1: a recipe needs no % directive"]);
});

test("a second document is refused", () => {
  expect(faultsOf("name: demo\n---\nname: other\n")).toEqual([
    "recipe.yaml:2:1: a second document begins; a recipe is one",
  ]);
});

test("Norway's keyboard stays Norway's", () => {
  expect(load("name: demo\nkeyboard: { layout: no }\n").recipe.keyboard.layout).toBe("no");
});

test.each(["", "\n\n# nothing but a comment\n"])("an empty recipe is refused: %j", (text) => {
  expect(faultsOf(text)).toEqual([
    "recipe.yaml:1:1: there is nothing; a recipe is a map of keys, such as name: classroom",
  ]);
});

test.each(["- a\n", "hello\n", "[name, demo]\n"])("what is no map of keys is refused: %j", (text) => {
  expect(faultsOf(text)).toEqual(["recipe.yaml:1:1: a recipe is a map of keys, such as name: classroom"]);
});

test("a list for a key is refused", () => {
  expect(faultsOf("name: demo\n? [a]\n: 1\n")).toEqual([
    "recipe.yaml:2:3: a key is a word, not a list, a map or an alias",
  ]);
});

test("a colon without a key is refused", () => {
  expect(faultsOf("name: demo\n: 1\n")).toEqual(["recipe.yaml:2:1: a key is missing before this colon"]);
});
