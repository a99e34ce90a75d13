import { expect, test } from "vitest";
import { Turns } from "../../src/build/turns.ts";

/** Names in the order in which they had their turn; each gives it back at once. */
async function order(
  turns: Turns,
  asking: readonly (readonly [name: string, weight: number, place?: number])[],
): Promise<string[]> {
  const had: string[] = [];
  await Promise.all(
    asking.map(async ([name, weight, place = 0]) => {
      await using _turn = await turns.take({ weight, place });
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

test("of equals the one with the foremost place goes first", async () => {
  expect(
    await order(new Turns(1), [
      ["behind", 1, 7],
      ["before", 1, 3],
      ["heavy", 2, 9],
    ]),
  ).toEqual(["heavy", "before", "behind"]);
});

test("no more than so many have their turn at a time, and a turn that is given back is another's", async () => {
  const turns = new Turns(2);
  let now = 0;
  let most = 0;
  await Promise.all(
    Array.from({ length: 7 }, async () => {
      await using _turn = await turns.take({ weight: 0, place: 0 });
      most = Math.max(most, (now += 1));
      await new Promise((resolve) => setTimeout(resolve, 10));
      now -= 1;
    }),
  );
  expect([most, now]).toEqual([2, 0]);
});

test("whoever begins beside a heavier one gives way to it, and nobody gives way to those that are over", async () => {
  const turns = new Turns(2);
  const heavy = await turns.take({ weight: 3, place: 0 });
  const light = await turns.take({ weight: 1, place: 1 });
  await heavy[Symbol.asyncDispose]();
  const alike = await turns.take({ weight: 1, place: 2 });
  expect([heavy.givesWay, light.givesWay, alike.givesWay]).toEqual([false, true, false]);
});
