import { expect, test } from "vitest";
import { Turns } from "../../src/build/turns.ts";

/** Names in the order in which they had their turn; each gives it back at once. */
async function order(turns: Turns, asking: readonly (readonly [name: string, weight: number])[]): Promise<string[]> {
  const had: string[] = [];
  await Promise.all(
    asking.map(async ([name, weight]) => {
      await using _turn = await turns.take(weight);
      had.push(name);
    }),
  );
  return had;
}

test("of those who ask at the same time the heaviest goes first, although a turn was free when another asked", async () => {
  expect(
    await order(new Turns(1), [
      ["light", 1],
      ["heavy", 3],
      ["middle", 2],
    ]),
  ).toEqual(["heavy", "middle", "light"]);
});

test("of equals the one that came first goes first", async () => {
  expect(
    await order(new Turns(1), [
      ["one", 1],
      ["two", 1],
    ]),
  ).toEqual(["one", "two"]);
});

test("no more than so many have their turn at a time, and a turn that is given back is another's", async () => {
  const turns = new Turns(2);
  let now = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      await using _turn = await turns.take(0);
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
    }),
  );
  expect([most, now]).toEqual([2, 0]);
});
