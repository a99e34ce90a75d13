import { expect, test } from "vitest";
import { select, viewDigest } from "../../../src/build/view/select.ts";
import type { Tree } from "../../../src/build/stack.ts";
import { manifest, opaque, stacked, whiteout } from "./tree.ts";

const paths = (tree: Tree, ...patterns: readonly string[]): readonly string[] =>
  [...select(tree, patterns).keys()].sort();
const digest = (tree: Tree, ...patterns: readonly string[]): string => viewDigest(patterns, select(tree, patterns));

const lower = manifest(
  "usr/",
  "usr/lib/",
  "usr/lib/a.so=1",
  "usr/lib/b.so=2",
  "etc/",
  "etc/conf=old",
  "lib -> usr/lib",
  "srv/",
  "srv/deep/",
  "srv/deep/x=1",
);

test("upper layers override, add to and delete from lower ones", () => {
  const tree = stacked(lower, manifest("etc/conf=new", whiteout("usr/lib/a.so"), "usr/lib/c.so=3"));
  expect(paths(tree, "usr/lib/**", "etc/conf")).toEqual(["etc/conf", "usr/lib", "usr/lib/b.so", "usr/lib/c.so"]);
  expect(select(tree, ["etc/conf"]).get("etc/conf")).toContain('"new"');
});

test("an opaque directory hides what is below it, and a deleted one takes all with it", () => {
  expect(paths(stacked(lower, manifest(opaque("srv"), "srv/new=1")), "srv/**")).toEqual(["srv", "srv/new"]);
  expect(paths(stacked(lower, manifest(whiteout("srv"))), "srv/**", "srv")).toEqual([]);
  expect(paths(stacked(lower, manifest("srv=a file")), "srv/**", "srv")).toEqual(["srv"]);
});

test("links are followed wherever they are, and are part of what is seen", () => {
  const tree = stacked(lower, manifest("usr/lib/d.so -> a.so", "etc/alias -> /etc/conf"));
  expect(paths(tree, "lib/d.so")).toEqual(["lib", "usr/lib/a.so", "usr/lib/d.so"]);
  expect(paths(tree, "etc/al*")).toEqual(["etc/alias", "etc/conf"]);
});

test("links that lead in circles, out of the tree or nowhere end the search", () => {
  const tree = stacked(manifest("a -> b", "b -> a", "c -> ../../../etc", "d -> nowhere", "etc/", "etc/x=1"));
  expect(paths(tree, "a/x", "c/x", "d/x", "d")).toEqual(["a", "b", "c", "d", "etc/x"]);
});

test("a name is found wherever it is", () => {
  const tree = stacked(lower, manifest("usr/local/", "usr/local/lib/", "usr/local/lib/a.so=4"));
  expect(paths(tree, "**/a.so")).toEqual(["usr/lib/a.so", "usr/local/lib/a.so"]);
  expect(paths(tree, "**/?.so")).toHaveLength(3);
});

test("a hard link is what it is linked to", () => {
  const linked = manifest("bin=1", { path: "other", type: "link", target: "bin" });
  expect(select(stacked(linked), ["other"]).get("other")).toBe(select(stacked(linked), ["bin"]).get("bin"));
});

const seen = ["usr/lib/**", "etc/conf", "etc/absent"];
test.each([
  ["a byte of a file", manifest("etc/conf=other")],
  ["a mode", manifest({ ...manifest("etc/conf=old")[0]!, mode: "0700" })],
  ["an owner", manifest({ ...manifest("etc/conf=old")[0]!, uid: 1 })],
  ["a time", manifest({ ...manifest("etc/conf=old")[0]!, mtime: 2 })],
  ["a file that was absent", manifest("etc/absent=1")],
  ["a deletion", manifest(whiteout("usr/lib/b.so"))],
  ["a new file in a folder that is read whole", manifest("usr/lib/z=1")],
  ["an extended attribute", manifest({ ...manifest("etc/conf=old")[0]!, xattrs: { "security.capability": "AQ==" } })],
])("a view's digest changes with %s", (_, upper) => {
  expect(digest(stacked(lower, upper), ...seen)).not.toBe(digest(stacked(lower), ...seen));
});

test("a view's digest does not change with what is not in it, with a directory's time, or with the order of patterns", () => {
  const tree = stacked(lower, manifest("etc/unrelated=1", { ...manifest("usr/lib/")[0]!, mtime: 9 }));
  expect(digest(tree, ...seen)).toBe(digest(stacked(lower), ...seen.toReversed()));
});
