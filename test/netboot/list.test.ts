import { expect, test } from "vitest";
import { Failure } from "../../src/failure.ts";
import { defaultList, fetchingOf, netbootArguments, parseList, renderList, stacked } from "../../src/netboot/list.ts";

const digest = (letter: string): string => letter.repeat(64);

const list = {
  chain: "base-essential-settings",
  memory: 268_435_456,
  modules: stacked([
    { sha256: digest("a"), bytes: 4096, path: "live/01-base.squashfs" },
    { sha256: digest("b"), bytes: 8192, path: "live/02-essential.squashfs" },
    { sha256: digest("c"), bytes: 4096, path: "live/03-settings.squashfs" },
  ]),
};
const text = renderList(list);

const faultsOf = (broken: string): string => {
  try {
    parseList(broken, "default.modules");
  } catch (error) {
    if (error instanceof Failure) return error.message;
    throw error;
  }
  return "";
};

test("a list is plain text, lowest module first, each with the digest of the one below", () => {
  expect(text).toBe(
    [
      "livewright-modules 1",
      "chain base-essential-settings",
      "memory 268435456",
      `${digest("a")} 4096 - live/01-base.squashfs`,
      `${digest("b")} 8192 ${digest("a")} live/02-essential.squashfs`,
      `${digest("c")} 4096 ${digest("b")} live/03-settings.squashfs`,
      "",
    ].join("\n"),
  );
});

test("a list is read as it was written", () => {
  expect(parseList(text)).toEqual(list);
});

test("two empty layers that came out as the same squashfs may both be listed", () => {
  const twins = stacked([
    { sha256: digest("a"), bytes: 4096, path: "live/01-one.squashfs" },
    { sha256: digest("a"), bytes: 4096, path: "live/02-two.squashfs" },
  ]);
  expect(parseList(renderList({ ...list, modules: twins })).modules).toEqual(twins);
});

const broken: readonly (readonly [string, (text: string) => string, RegExp])[] = [
  ["of another format", (it) => it.replace("modules 1", "modules 2"), /line 1: must be "livewright-modules 1"/],
  ["without a chain", (it) => it.replace("chain ", "chains "), /line 2: must be "chain NAMES"/],
  ["that needs no memory", (it) => it.replace("memory 268435456", "memory 0"), /line 3: must be "memory BYTES"/],
  ["of nothing", (it) => it.split("\n").slice(0, 3).join("\n") + "\n", /line 4: a list names one module at least/],
  ["with a digest that is none", (it) => it.replace(digest("a"), "beef"), /line 4: must be SHA256, BYTES/],
  ["with capital digits", (it) => it.replace(`${digest("c")} `, `${digest("C")} `), /line 6: must be SHA256/],
  ["with an empty module", (it) => it.replace(" 8192 ", " 0 "), /line 5: must be SHA256/],
  ["with two spaces", (it) => it.replace(" 8192 ", "  8192 "), /line 5: must be SHA256/],
  ["with the ends of lines of another system", (it) => it.replaceAll("\n", "\r\n"), /line 1: .*\n.*line 2: /],
  ["that leads out of its folder", (it) => it.replace("live/02", "../02"), /line 5: \.\.\/02.* is not a plain path/],
  ["with an absolute path", (it) => it.replace("live/02", "/live/02"), /line 5: .* is not a plain path/],
  ["that names a file twice", (it) => it.replace("02-essential", "01-base"), /line 5: .* is listed twice/],
  ["whose lowest module stands on another", (it) => it.replace(" - ", ` ${digest("d")} `), /line 4: .*not in the list/],
  [
    "with a module of another base",
    (it) => it.replace(`${digest("b")} live`, `${digest("d")} live`),
    /line 6: .* was made to stand on d{64}, but the module before it is b{64}/,
  ],
  ["that was cut off", (it) => it.slice(0, -1), /line 6: the last line has no end/],
];

test.each(broken)("a list %s is refused", (_, spoil, message) => {
  expect(faultsOf(spoil(text))).toMatch(message);
});

test("all that is wrong with a list is told at once, by line", () => {
  const faults = faultsOf(text.replace("memory ", "ram ").replace("live/01", "/live/01").replace(" 8192 ", " none "));
  expect(faults.split("\n").map((line) => /line \d/.exec(line)?.[0])).toEqual(["line 3", "line 4", "line 5"]);
  expect(faults).toMatch(/^default\.modules, line 3/);
});

test("kernel arguments name the list and its digest, and a server only when the boot loader knows it", () => {
  const fetching = { path: defaultList, sha256: digest("e") };
  expect(netbootArguments(fetching)).toEqual([
    "livewright.list=lists/default.modules",
    `livewright.sha256=${digest("e")}`,
  ]);
  expect(netbootArguments({ ...fetching, from: ["http://server", "tftp://server"], rounds: 0 })).toEqual([
    ...netbootArguments(fetching),
    "livewright.from=http://server,tftp://server",
    "livewright.rounds=0",
  ]);
  expect(fetchingOf(["quiet", ...netbootArguments(fetching)])).toEqual(fetching);
  expect(fetchingOf(["boot=live", "quiet"])).toBeUndefined();
});
