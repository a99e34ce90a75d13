import { expect, test } from "vitest";
import { subordinates } from "../../src/survey/namespaces.ts";

test("a user's longest range counts, by name or by number", () => {
  const text = "root:100000:65536\nada:165536:1000\n1000:200000:65536\n";
  expect(subordinates(text, ["ada", "1000"])).toEqual({ most: 65_536, free: 265_536 });
  expect(subordinates(text, ["ada", "1001"])).toEqual({ most: 1000, free: 265_536 });
  expect(subordinates(text, ["ad", "100"]).most).toBe(0);
});

test("where nobody has ids, the first free ones are those of Debian's first user", () => {
  expect(subordinates("", ["ada"])).toEqual({ most: 0, free: 100_000 });
});

test("comments and malformed lines are no ranges", () => {
  expect(subordinates("# ada:1:70000\nada:x:65536\nada:1:2:3\n\n", ["ada"])).toEqual({ most: 0, free: 100_000 });
});
