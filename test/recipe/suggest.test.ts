import { expect, test } from "vitest";
import { didYouMean, suggestion } from "../../src/recipe/suggest.ts";

test.each([
  ["hostnme", "hostname"],
  ["kernal", "kernel"],
  ["meun", "menu"], // two neighbours swapped are one slip
  ["Layers", "layers"],
  ["check", "checks"],
  ["squash", "squashfs"],
])("%s was meant to be %s", (typed, meant) => {
  expect(suggestion(typed, ["hostname", "kernel", "menu", "layers", "checks", "squashfs", "user"])).toBe(meant);
});

test("a word like none of the known was meant to be none of them", () => {
  expect(suggestion("frobnicate", ["hostname", "kernel", "menu"])).toBeUndefined();
  expect(didYouMean("frobnicate", ["hostname"])).toBe("");
});

test("the nearest of several near words is suggested", () => {
  expect(suggestion("xz2", ["lz4", "xz"])).toBe("xz");
});

test("a very long word is compared with nothing", () => {
  expect(didYouMean("hostname".repeat(1000), ["hostname".repeat(1000)])).toBe("");
});
