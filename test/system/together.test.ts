import { expect, test } from "vitest";
import { together } from "../../src/system/together.ts";

const later = <Value>(value: Value, ms: number): Promise<Value> =>
  new Promise((resolve) => setTimeout(resolve, ms, value));

test("works that go on together give their results in their own order", async () => {
  expect(await together([later("slow", 20), later(1, 1)])).toEqual(["slow", 1]);
});

test("a failure is told when nothing is under way any more, and of several the first in the list", async () => {
  let over = false;
  const works = [
    later(0, 30).then(() => (over = true)),
    later(0, 20).then(() => Promise.reject(new Error("first"))),
    Promise.reject(new Error("second")),
  ];
  await expect(together(works)).rejects.toThrow("first");
  expect(over).toBe(true);
});
