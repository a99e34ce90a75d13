/** A word of GRUB's script language: text and variables one after the other, quotes taken away. */
export type Word = readonly Piece[];
export type Piece = string | { readonly variable: string };

const token =
  /(?<comment>(?<![^\s;])#[^\n]*)|(?<end>[\n;])|(?<space>[ \t\r]+|\\\n)|\\(?<escaped>[^])|'(?<single>[^']*)'|"(?<double>(?:[^"\\]|\\[^])*)"|\$\{?(?<variable>\w+)\}?|(?<plain>[^\s;'"\\$]+|[^])/g;

const inDouble = /\\(?<escaped>["$\\])|\$\{?(?<variable>\w+)\}?|(?<plain>[^\\$]+|[^])/g;

/**
 * Split a GRUB script into commands (GRUB manual, "Shell-like scripting"). A brace is a word, and after an opening
 * one a command begins; of comments nothing is left.
 */
export function grubLines(text: string): Word[][] {
  const lines: Word[][] = [[]];
  let word: Piece[] | undefined;
  for (const { groups = {} } of text.matchAll(token)) {
    const pieces = piecesOf(groups);
    if (pieces === undefined) {
      word = undefined;
      if (groups["end"] !== undefined) lines.push([]);
    } else if (word === undefined) {
      word = pieces;
      lines.at(-1)?.push(word);
      if (groups["plain"] === "{") lines.push([]);
    } else word.push(...pieces);
  }
  return lines.filter((line) => line.length > 0);
}

function piecesOf(groups: Readonly<Record<string, string | undefined>>): Piece[] | undefined {
  const { variable, double } = groups;
  if (variable !== undefined) return [{ variable }];
  if (double !== undefined)
    return [...double.matchAll(inDouble)].flatMap((match) => piecesOf(match.groups ?? {}) ?? []);
  const text = groups["single"] ?? groups["escaped"] ?? groups["plain"];
  return text === undefined ? undefined : [text];
}
