import { expect, test } from "vitest";
import { faultsOf, load } from "./desk.ts";

const set = (...sets: readonly string[]) =>
  load("name: demo\nlayers: [{ name: a, packages: [less] }]\n", { sets }).recipe;

test("--set reaches scalars, items, maps and lists", () => {
  const recipe = set(
    "suite=sid",
    "layers[0].packages=[htop, nano]",
    "mirrors={build: 'http://a.example/debian'}",
    "kernel.arguments[1]=splash",
  );
  expect(recipe).toMatchObject({
    suite: "sid",
    layers: [{ name: "a", packages: ["htop", "nano"] }],
    mirrors: { build: "http://a.example/debian", image: "http://httpredir.debian.org/debian" },
  });
});

test("--set makes what is not there yet", () => {
  expect(set("layers[1].name=b", "layers[1].tasks=[task-laptop]", "user.name=pupil")).toMatchObject({
    layers: [{ name: "a" }, { name: "b", tasks: ["task-laptop"] }],
    user: { name: "pupil" },
  });
});

test("--set replaces the layers, which extends appends", () => {
  expect(set("layers=[{name: z}]").layers.map(({ name }) => name)).toEqual(["z"]);
});

test("a later --set wins, and a hash removes the password", () => {
  const recipe = set("hostname=a", "hostname=b", "user.password=x", "user.password-hash=$6$abcdefghijklmnopqrstuvwx");
  expect(recipe.hostname).toBe("b");
  expect(recipe.user.secret.kind).toBe("hash");
});

test("--set chooses the extended recipe too", () => {
  expect(set("extends=full").layers.map(({ name }) => name)).toEqual(["first", "a"]);
});

test("paths in --set are seen from the folder it is typed in", () => {
  const { recipe, roots } = load("name: demo\n", {
    sets: ["installer={kind: debian-installer, preseed: answers.cfg}"],
    files: { "/desk/answers.cfg": "" },
  });
  expect(recipe.installer).toMatchObject({ preseed: { root: "here", path: "answers.cfg" } });
  expect(roots["here"]).toBe("/desk");
});

test.each([
  ["menu.tmeout=3", "--set #1:1:13: menu.tmeout is not a key of a recipe; did you mean timeout?"],
  ["nope", '--set #1:1:1: "nope" is not path=value, as in menu.timeout=5'],
  ["=x", '--set #1:1:1: "=x" is not path=value, as in menu.timeout=5'],
  ["a..b=1", '--set #1:1:1: "a..b" is not a path of keys, as in layers[0].packages'],
  ["layers[2].name=x", "--set #1:1:16: there is no item [2]; the list has 0, and [0] adds one"],
  ["hostname=", "--set #1:1:10: hostname gets no value"],
  ["firmware=yes", '--set #1:1:10: firmware: "yes" is neither true nor false; did you mean true?'],
  ["kernel.arguments=quiet", '--set #1:1:18: kernel.arguments: "quiet" is not a list; write [quiet]'],
  ["__proto__.x=1", "--set #1:1:13: __proto__ is not a key of a recipe; docs/recipe.md tells them all"],
  ["hostname=*a", "--set #1:1:10: *a: a recipe has no aliases; write the value out"],
  [
    "suite=sarge",
    "--set #1:1:7: suite: sarge is no suite of Debian's; known: bookworm, oldstable, trixie, stable, forky, testing, sid, unstable; others need an archive",
  ],
])("--set %s is refused", (setting, fault) => {
  expect(faultsOf("name: demo\n", { sets: [setting] })).toEqual([fault]);
});

test("every faulty --set is told by its number", () => {
  expect(faultsOf("name: demo\n", { sets: ["suite=sid", "nope", "menu.timeout=x"] })).toEqual([
    '--set #2:1:1: "nope" is not path=value, as in menu.timeout=5',
    '--set #3:1:14: menu.timeout: "x" is not a whole number from 0 to 3600',
  ]);
});
