/** What a shell script speaks of, without running it: more than it reads, as a rule, and never less by its own words. */
export interface Names {
  /** Absolute paths as they are written, with the shell's patterns; what a variable completes ends with `*`. */
  readonly paths: readonly string[];
  /** Directories whose content is named word by word: `/lib/udev/$program`. */
  readonly folders: readonly string[];
  /** Words that may complete them. */
  readonly words: readonly string[];
  /** Words where a command stands, or after `command -v`. */
  readonly commands: readonly string[];
  /** Names that `find -name` looks for, wherever they are. */
  readonly sought: readonly string[];
  /** Absolute paths of the scripts that it reads with `.`. */
  readonly sourced: readonly string[];
}

export function namesIn(script: string): Names {
  const text = script
    .split("\n")
    .filter((line) => !/^\s*#/.test(line))
    .map(withoutTarget)
    .join("\n");
  const found = [...text.matchAll(absolute)].map(([path, after = ""]) => ({
    path: path.slice(0, path.length - after.length),
    after,
  }));
  const tails = ["$", "{", "`"];
  const cut = found.filter(({ after }) => tails.includes(after));
  return {
    paths: distinct([
      ...found.filter((it) => !cut.includes(it)).map(({ path }) => path),
      ...cut.filter(({ path }) => !path.endsWith("/")).map(({ path }) => `${path}*`),
    ]),
    folders: distinct(cut.filter(({ path }) => path.endsWith("/")).map(({ path }) => path)),
    words: distinct([...text.matchAll(/(?<![\w$/{.-])[A-Za-z0-9_][\w.+@:-]*/g)].map(([word]) => word)),
    commands: distinct([...text.matchAll(command)].map(([, word = ""]) => word)),
    sought: distinct([...text.matchAll(/-name\s+["']?([A-Za-z0-9_][^\s"']*)/g)].map(([, name = ""]) => name)),
    sourced: distinct(
      [...text.matchAll(/(?:^|[;&|(){]|\b(?:then|do|else)\b)\s*(?:\.|source)\s+["']?(\/[\w.+@\/-]+)/gm)].map(
        ([, path = ""]) => path,
      ),
    ),
  };
}

/** A path that begins a word; what follows a variable, as in `${DESTDIR}/etc`, lies in the initramfs, not in the tree. */
const absolute = /(?<![\w}*.\])$@~+%/-])\/[\w.+@%:/*?[\]-]*([${`]?)/g;

/** What may stand between the beginning of a command and its name. */
const before = String.raw`(?:(?:!|then|do|else|if|elif|while|until|exec|command(?:[ \t]+-v)?|which|type|env(?:[ \t]+-\S+)*|\w+=\S*)[ \t]+)*`;

/** What `=` follows is a variable, and so is what `${` precedes. */
const command = new RegExp(`(?:^|[;&|(\`]|(?<!\\$)\\{)[ \\t]*${before}["']?([A-Za-z0-9][\\w.+-]*)(?![\\w.+=-])`, "gm");

/** The last word of `copy_exec FROM TO` is a place in the initramfs. */
const withoutTarget = (line: string): string => line.replace(/\b(copy_exec\s+\S+|copy_file\s+\S+\s+\S+)\s+\S+/, "$1");

const distinct = (words: readonly string[]): readonly string[] => [...new Set(words)];
