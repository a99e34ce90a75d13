import { expect, test } from "vitest";
import { stepsOf, stridesOf } from "../../src/build/strides.ts";
import { from, output, scratch } from "../../src/command.ts";
import type { Step } from "../../src/plan/stage.ts";

const copy = (name: string): Step => ({ do: "copy", from: from("loaders", name), to: output(name) });
const own = (name: string): Step => ({ do: "copy", from: output(name), to: scratch(name) });
const write = (name: string): Step => ({ do: "write", text: name, to: output(name) });

test("copies that stand beside each other are one stride, and no step is lost or moved", () => {
  const steps = [write("a"), copy("b"), copy("c"), write("d"), copy("e")];
  const strides = stridesOf(steps);
  expect(strides.map((stride) => stepsOf(stride).length)).toEqual([1, 2, 1, 1]);
  expect(strides.flatMap(stepsOf)).toEqual(steps);
});

test("what a stage copies of its own is looked for when the copies before are made", () => {
  expect(stridesOf([copy("a"), own("a"), copy("b")]).map((stride) => stepsOf(stride).length)).toEqual([1, 2]);
});
