import { readDocument } from "./document.ts";
import type { Setting } from "./merge.ts";
import type { Spot, Tell, Way } from "./tree.ts";

/** Paths given on the command line are seen from the folder in which it was typed. */
export const here = "here";

/** Read `--set path=value` words: `menu.timeout=5`, `layers[0].packages=[htop]`. Values are YAML. */
export const readSettings = (sets: readonly string[], tell: Tell): readonly Setting[] =>
  sets.flatMap((text, at) => readSetting(text, `--set #${String(at + 1)}`, tell));

function readSetting(text: string, file: string, tell: Tell): readonly Setting[] {
  const start: Spot = { file, root: here, line: 1, column: 1 };
  const equals = text.indexOf("=");
  if (equals < 1) {
    tell(start, `${JSON.stringify(text.slice(0, 80))} is not path=value, as in menu.timeout=5`);
    return [];
  }
  const path = text.slice(0, equals);
  const way = wayIn(path);
  if (way === undefined) {
    tell(start, `${JSON.stringify(path.slice(0, 80))} is not a path of keys, as in layers[0].packages`);
    return [];
  }
  if (text.slice(equals + 1).trim() === "") {
    tell({ ...start, column: equals + 2 }, `${path} gets no value`);
    return [];
  }
  const value = readDocument(text.slice(equals + 1), { file, root: here, indent: equals + 1 }, tell);
  return value === undefined ? [] : [{ way, value }];
}

function wayIn(path: string): Way | undefined {
  if (path.length > 200 || !/^[^.[\]\s]+(\[\d{1,4}\]|\.[^.[\]\s]+)*$/u.test(path)) return undefined;
  return [...path.matchAll(/\[(\d+)\]|[^.[\]]+/gu)].map(([word, index]) =>
    index === undefined ? word : Number(index),
  );
}
