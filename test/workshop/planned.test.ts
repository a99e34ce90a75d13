import { expect, test } from "vitest";
import { modulesOnly } from "../../src/plan/modules-only.ts";
import { modulesOf, type PlannedImage } from "../../src/workshop/planned.ts";
import { worst } from "../../src/workshop/carry-out.ts";
import { Failure } from "../../src/failure.ts";
import type { Recipe } from "../../src/recipe/recipe.ts";
import { load } from "../recipe/desk.ts";
import { allChains, changed, held, imageOf, planOf } from "./fixture.ts";

const planned = (name: string, content = held, recipe?: Recipe): PlannedImage => ({
  image: imageOf(name),
  plan: planOf(name, content),
  ...(recipe === undefined ? {} : { recipe }),
});

test("images that share modules share them by what they are made of", () => {
  const modules = modulesOf(["console", "lightx", "smtp"].map((name) => planned(name)));
  expect(modules.map(({ chain }) => chain).sort()).toEqual(allChains(["console", "lightx", "smtp"]));
  expect(modules.find(({ chain }) => chain === "base-essential-console")).toMatchObject({
    ...{ maker: "console", parent: "base-essential", layer: "console", depth: 2 },
  });
});

test("what an image inherits from nobody here is made by the first that stands on it", () => {
  const [base] = modulesOf([planned("lightx"), planned("smtp")]);
  expect(base).toMatchObject({ chain: "base", maker: "lightx" });
});

test("images whose shared modules are not the same are refused, with what differs", () => {
  const shared = [planned("console"), planned("smtp", changed("essential"))];
  expect(() => modulesOf(shared)).toThrow(
    /smtp and console share base-essential, which would not be the same for both: changed: step 1, /,
  );
  const recipes = ["one", "two"].map((hostname) => load(`name: demo\nsuite: sid\nhostname: ${hostname}\n`).recipe);
  const named = [planned("console", held, recipes[0]), planned("smtp", changed("essential"), recipes[1])];
  expect(() => modulesOf(named)).toThrow(/their hostname differs/);
});

test("a plan cut to modules holds what these need and nothing else, with the same keys", () => {
  const whole = planOf("console", held);
  const cut = modulesOnly(whole, ["essential", "console"]);
  expect(cut.stages.map(({ name }) => name).sort()).toEqual(
    ["layer-base", "layer-essential", "layer-console", "squashfs-essential", "squashfs-console"].sort(),
  );
  const key = (name: string) => whole.stages.find((stage) => stage.name === name)?.key;
  for (const stage of cut.stages) expect(stage.key).toBe(key(stage.name));
});

test("of several failures the gravest gives the status, and what passes by itself is the least", () => {
  const failures = [
    new Failure("transient", "the archive moved"),
    new Failure("verification-failed", "not what was meant"),
    new Failure("step-failed", "a step failed"),
  ];
  expect(worst(failures)).toMatchObject({
    code: "verification-failed",
    message: "the archive moved\nnot what was meant\na step failed",
  });
  expect(worst([])).toBeUndefined();
});
