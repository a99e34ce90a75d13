import { expect, test } from "vitest";
import { recipeKeys } from "../../src/recipe/keys.ts";
import type { Shape } from "../../src/recipe/shape.ts";
import { faultsOf, type Files } from "./desk.ts";

/** One of everything that a list holds, so that every key can be reached. */
const text = `name: demo
suite: bookworm
layers: [{ name: a }]
repositories: [{ name: r, url: "http://a.example/r", key: file }]
archive: { url: "http://a.example/d", keyring: file }
media: [{ kind: iso }]
menu: { entries: [{ name: e, title: E }], languages: [{ title: L, locale: nl_NL.UTF-8, layout: nl }] }
`;

/** What can be said where the key's own default and example say nothing. */
const said: Readonly<Record<string, string>> = {
  extends: "full",
  "archive.suite": "bookworm",
  "archive.url": "http://a.example/x",
  "repositories[0].url": "http://a.example/x",
  "repositories[0].suite": "sid",
  "layers[0].name": "b",
  "user.password": "x",
  "user.password-hash": "$6$abcdefghijklmnopqrstuvwx",
  "root.locked": "true",
  "root.password": "x",
  "root.password-hash": "$6$abcdefghijklmnopqrstuvwx",
  "squashfs.level": "3",
  "media[0].kind": "netboot",
  "menu.entries[0].name": "f",
  "menu.entries[0].title": "F",
};

/** What a key needs beside it before it may be said. */
const beside: Readonly<Record<string, string>> = { "squashfs.dictionary": "squashfs.compression=xz" };

interface Key {
  readonly path: string;
  readonly shape: Shape;
}

function keysOf(shape: Shape, path: string): readonly Key[] {
  if (shape.kind === "keys")
    return Object.entries(shape.keys).flatMap(([key, inner]) => keysOf(inner, path === "" ? key : `${path}.${key}`));
  if (shape.kind === "list" && shape.item.kind === "keys") return keysOf(shape.item, `${path}[0]`);
  return [{ path, shape }];
}

const valueOf = ({ path, shape }: Key): string => {
  if (said[path] !== undefined) return said[path];
  if (shape.example !== undefined) return shape.example;
  if (shape.kind === "path") return "file";
  if (shape.kind === "list") return JSON.stringify(shape.default ?? []);
  return JSON.stringify(shape.default);
};

const files: Files = {
  "/desk/file": "x",
  "/desk/overlay/x": "",
  "/desk/preseed.cfg": "",
  "/desk/keys/derivative.gpg": "",
  "/desk/keys/tools.asc": "",
  "/desk/hooks/shorten-boot": "#!",
  "/desk/hooks/answer-debconf": "#!",
  "/desk/hooks/add-manual": "#!",
};

const all = keysOf(recipeKeys, "");

test("there are as many keys as the reference page has", () => {
  expect(all.length).toBeGreaterThan(55);
});

test.each(all.map((key) => [key.path, valueOf(key)] as const))("--set %s=%s is accepted", (path, value) => {
  const sets = [...(beside[path] === undefined ? [] : [beside[path]]), `${path}=${value}`];
  expect(faultsOf(text, { files, sets })).toEqual([]);
});

test.each(all.map(({ path }) => path))("a map of nonsense for %s is told under that name, and nothing else", (path) => {
  const [fault = "", ...more] = faultsOf(text, { files, sets: [`${path}={ frobnicate: 1 }`] });
  expect(more).toEqual([]);
  expect(fault).toContain(path.includes("password") ? `: ${path}: what is written here ` : `: ${path}: a map `);
});
