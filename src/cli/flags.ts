import { isIPv4 } from "node:net";
import { availableParallelism, homedir } from "node:os";
import { resolve } from "node:path";
import { InvalidArgumentError, Option } from "commander";
import { compressions } from "../recipe/compression.ts";
import { didYouMean } from "../recipe/suggest.ts";
import { modes } from "../report/reporter.ts";

/** Options that several commands share, each said once. */

export const output = (folder: string): Option =>
  new Option("-o, --output <folder>", "where results are published").default(folder).argParser(folderPath);

export const set = (): Option =>
  new Option("--set <path=value>", "override one key of the recipe; may be repeated")
    .default([], "none")
    .argParser((value: string, before: readonly string[]) => [...before, assignment(value)]);

export const mirror = (): Option =>
  new Option("--mirror <url>", "the package archive to build from, instead of the recipe's").argParser(webAddress);

export const cache = (env: NodeJS.ProcessEnv): Option =>
  new Option("--cache <folder>", "where finished stages are kept").default(cacheFolder(env)).argParser(folderPath);

export const offline = (): Option =>
  new Option("--offline", "fetch nothing: use what the cache has, and say what it lacks").default(false);

export const progress = (): Option =>
  new Option("--progress <mode>", `how to tell what is going on: ${modes.join(", ")}`)
    .default("auto")
    .argParser((value: string) => oneOf(value, modes));

export const jobs = (): Option =>
  new Option("--jobs <number>", "how many stages run at a time, and threads in each of their tools")
    .default(availableParallelism(), "the number of processors")
    .argParser(positive);

export const memory = (): Option =>
  new Option(
    "--memory <bytes>",
    "what tools may use for their buffers, such as 800M (default: as they like)",
  ).argParser(byteCount);

export const trace = (): Option =>
  new Option("--trace <file>", "write the times of stages and steps, for chrome://tracing or ui.perfetto.dev");

export const older = (): Option =>
  new Option("--older <age>", "remove what was not used for so long, such as 12h, 30d or 4w").argParser(age);

export const maxSize = (): Option =>
  new Option("--max-size <bytes>", "remove until no more than this is kept, such as 20G").argParser(byteCount);

export const json = (what: string): Option => new Option("--json", `print ${what} as one JSON object`).default(false);

export const compression = (): Option =>
  new Option("--compression <name>", `how the content is packed: ${compressions.join(", ")}`)
    .default("zstd")
    .argParser((value: string) => oneOf(value, compressions));

/** A comma-separated choice of several known words. */
export function listOf(flags: string, description: string, known: readonly string[], usual: readonly string[]): Option {
  return new Option(flags, `${description}: ${known.join(", ")}`)
    .default(usual, usual.join(","))
    .argParser((value: string) => {
      const words = value.split(",").map((word) => oneOf(word.trim(), known));
      return [...new Set(words)];
    });
}

function oneOf(word: string, known: readonly string[]): string {
  if (known.includes(word)) return word;
  throw new InvalidArgumentError(`"${word}" is none of ${known.join(", ")}${didYouMean(word, known)}`);
}

export function descriptor(value: string): number {
  if (!/^[0-9]{1,5}$/.test(value)) throw new InvalidArgumentError("The number of an open file is wanted, such as 3.");
  return Number(value);
}

/** The kernel's own file systems take no files; Node's recursive mkdir never comes back from them. */
export function folderPath(value: string): string {
  if (/^\/(proc|sys)(\/|$)/.test(resolve(value)))
    throw new InvalidArgumentError(`${value} is the kernel's, not a place for files.`);
  return value;
}

export function positive(value: string): number {
  if (!/^[1-9][0-9]{0,8}$/.test(value)) throw new InvalidArgumentError("A whole number above 0 is wanted.");
  return Number(value);
}

export function port(value: string): number {
  if (!/^[1-9][0-9]{0,4}$/.test(value) || Number(value) > 65_535)
    throw new InvalidArgumentError("A port is a number from 1 to 65535.");
  return Number(value);
}

/** The first and the last address, in that order. */
export function addressRange(value: string): { readonly from: string; readonly to: string } {
  const [from = "", to = "", ...more] = value.split(",");
  if (!isIPv4(from) || !isIPv4(to) || more.length > 0 || inOrder(to) < inOrder(from))
    throw new InvalidArgumentError("Two IPv4 addresses are wanted, the lower first: 10.0.0.100,10.0.0.199.");
  return { from, to };
}

const inOrder = (address: string): number => Buffer.from(address.split(".").map(Number)).readUInt32BE();

/** Decimal units, as sizes are told. */
export function byteCount(value: string): number {
  const [, number = "", unit = ""] = /^(\d{1,9}(?:\.\d+)?)([kKMGT]?)B?$/.exec(value) ?? [];
  const bytes = Math.round(Number(number) * 1000 ** " KMGT".indexOf(unit === "" ? " " : unit.toUpperCase()));
  if (number === "" || bytes === 0) throw new InvalidArgumentError("A size is wanted, such as 800M or 20G.");
  return bytes;
}

/** Milliseconds. */
function age(value: string): number {
  const [, number = "", unit = ""] = /^(\d{1,6})([mhdw])$/.exec(value) ?? [];
  if (number === "") throw new InvalidArgumentError("An age is wanted, such as 90m, 12h, 30d or 4w.");
  const minutes = { m: 1, h: 60, d: 24 * 60, w: 7 * 24 * 60 }[unit] ?? 0;
  return Number(number) * minutes * 60_000;
}

function assignment(value: string): string {
  if (!/^[^=]+=/.test(value)) throw new InvalidArgumentError("It is written as path=value, such as squashfs.level=19.");
  return value;
}

function webAddress(value: string): string {
  if (!/^(https?|file):\/\/\S+$/.test(value))
    throw new InvalidArgumentError("It starts with http://, https:// or file://.");
  if (URL.canParse(value) && new URL(value).username !== "")
    throw new InvalidArgumentError(
      "It holds a name or password, which others could see; apt takes them from /etc/apt/auth.conf.d.",
    );
  return value;
}

/** The XDG base directory specification ignores relative paths. */
function cacheFolder(env: NodeJS.ProcessEnv): string {
  const asked = env["XDG_CACHE_HOME"];
  return `${asked?.startsWith("/") === true ? asked : `${homedir()}/.cache`}/livewright`;
}

/** What lets guests save themselves. */
export const uploads = (): Option =>
  new Option("--uploads <folder>", "keep saved modules that guests send there").argParser(folderPath);
export const tokenFile = (): Option =>
  new Option("--token-file <file>", "holds the word by which guests may send; for its owner's eyes only");
export const uploadLimit = (): Option =>
  new Option("--upload-limit <bytes>", "the most that one file may have, such as 800M")
    .default(4e9, "4G")
    .argParser(byteCount);
