import { expect, test } from "vitest";
import { capture } from "../../src/system/process.ts";

/** A tool's niceness and, where the kernel has such, its session's: as a program finds them that it starts after its first moment. */
const found = (givesWay: boolean): Promise<string> => {
  const script = "sleep 0.2; nice; [ ! -e /proc/self/autogroup ] || cat /proc/self/autogroup";
  return capture({ tool: "sh", args: ["-c", script], signal: new AbortController().signal, givesWay });
};

test("a tool that gives way does so beside tools of other sessions too", async () => {
  expect(await found(true)).toMatch(/^10\n(\/autogroup-\d+ nice 10\n)?$/);
  expect(await found(false)).toMatch(/^0\n(\/autogroup-\d+ nice 0\n)?$/);
});
