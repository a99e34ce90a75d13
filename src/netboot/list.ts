import { Failure } from "../failure.ts";
import { digestPattern } from "./digest.ts";

/**
 * What a guest that boots from the network is to fetch: squashfs modules, lowest first. Its digest stands on the kernel command
 * line, and the digest of each module stands in it, so that none of them can be exchanged without the menu.
 */
export interface ModuleList {
  /** Names of the modules joined with "-", lowest first: what a person calls the system. */
  readonly chain: string;
  /** Bytes of memory that must be available before anything is fetched. */
  readonly memory: number;
  readonly modules: readonly ListedModule[];
}

export interface ListedModule {
  readonly sha256: string;
  readonly bytes: number;
  /** sha256 of the module below, which is the one before it in the list; the lowest has none. */
  readonly parent?: string;
  /** Relative to the folder's root. */
  readonly path: string;
}

/** Where the lists of a netboot folder lie in it. */
export const listPath = (name: string): string => `lists/${name}.modules`;

/** The list that the folder's own menus name. */
export const defaultList = listPath("default");

const title = "livewright-modules 1";

/** Bytes that firmware, kernel and the unpacked initramfs take of a computer's memory before a guest counts what is available. */
const beforehand = 256 * 2 ** 20;

/** UEFI keeps more for itself than a BIOS: with it `minimal` starts with 768 MB, and not with 512. */
const uefi = 256 * 2 ** 20;

/** MiB of memory of a computer that fetches a list, in steps of 64. */
export const computerFor = ({ memory }: Pick<ModuleList, "memory">, firmware: "bios" | "uefi"): number =>
  Math.ceil((memory + beforehand + (firmware === "uefi" ? uefi : 0)) / 2 ** 26) * 64;

/** Modules as they stand on each other, when all that is known is their order. */
export const stacked = (modules: readonly Omit<ListedModule, "parent">[]): readonly ListedModule[] =>
  modules.map(({ sha256, bytes, path }, at) => {
    const parent = modules[at - 1]?.sha256;
    return { sha256, bytes, ...(parent === undefined ? {} : { parent }), path };
  });

export const renderList = ({ chain, memory, modules }: ModuleList): string =>
  [
    title,
    `chain ${chain}`,
    `memory ${String(memory)}`,
    ...modules.map(({ sha256, bytes, parent, path }) => `${sha256} ${String(bytes)} ${parent ?? "-"} ${path}`),
  ]
    .map((line) => `${line}\n`)
    .join("");

/** Read a list, or tell everything that is wrong with it, by line. `name` is what messages call it. */
export function parseList(text: string, name = "the list of modules"): ModuleList {
  const lines = text.split("\n");
  const ended = lines.pop() === "";
  const [first, second = "", third = "", ...rest] = lines;
  const rows = rest.map(rowOf);
  const faults = [
    ...(first === title ? [] : [`line 1: must be "${title}"`]),
    ...(chainLine.test(second) ? [] : [`line 2: must be "chain NAMES", the names joined with "-"`]),
    ...(memoryOf(third) === undefined ? [`line 3: must be "memory BYTES"`] : []),
    ...rows.flatMap((row, at) => rowFaults(row, rows, at).map((fault) => `line ${String(at + 4)}: ${fault}`)),
    ...(rows.length === 0 ? ["line 4: a list names one module at least"] : []),
    ...(ended ? [] : [`line ${String(lines.length + 1)}: the last line has no end, so the list may have been cut off`]),
  ];
  if (faults.length > 0)
    throw new Failure("verification-failed", faults.map((fault) => `${name}, ${fault}`).join("\n"), {
      remedy: "fetch or build the folder again; its SHA256SUMS says which files are as they were made",
    });
  return {
    chain: second.slice("chain ".length),
    memory: memoryOf(third) ?? 0,
    modules: rows.filter((row) => row !== undefined),
  };
}

const chainLine = /^chain [a-z0-9][a-z0-9._+-]*$/;

function memoryOf(line: string): number | undefined {
  const digits = /^memory ([1-9]\d{0,15})$/.exec(line)?.[1];
  return digits === undefined || !Number.isSafeInteger(Number(digits)) ? undefined : Number(digits);
}

function rowOf(line: string): ListedModule | undefined {
  const [sha256 = "", bytes = "", parent = "", path = "", ...more] = line.split(" ");
  const sound =
    digestPattern.test(sha256) && /^[1-9]\d{0,14}$/.test(bytes) && (parent === "-" || digestPattern.test(parent));
  if (!sound || path === "" || more.length > 0) return undefined;
  return { sha256, bytes: Number(bytes), ...(parent === "-" ? {} : { parent }), path };
}

function rowFaults(
  row: ListedModule | undefined,
  rows: readonly (ListedModule | undefined)[],
  at: number,
): readonly string[] {
  if (row === undefined)
    return ["must be SHA256, BYTES, the SHA256 of the module below (or -) and PATH, with one space between"];
  const below = rows[at - 1];
  const unknown = at > 0 && below === undefined;
  return [
    ...(isPlainPath(row.path) ? [] : [`${row.path} is not a plain path below the folder`]),
    ...(rows.findIndex((other) => other?.path === row.path) < at ? [`${row.path} is listed twice`] : []),
    ...(unknown || row.parent === below?.sha256 ? [] : [stranger(row, below)]),
  ];
}

const stranger = ({ path, parent }: ListedModule, below: ListedModule | undefined): string =>
  below === undefined
    ? `${path} stands on ${parent ?? ""}, which is not in the list: the lowest module stands on nothing ("-")`
    : `${path} was made to stand on ${parent ?? "nothing"}, but the module before it is ${below.sha256}`;

/** A path that means the same to every server and every shell: no step upwards, nothing hidden, nothing to be quoted. */
export const isPlainPath = (path: string): boolean =>
  path.split("/").every((step) => /^[A-Za-z0-9_+][A-Za-z0-9._+-]*$/.test(step));

/** What tells a guest where its modules are. Written for one folder; the address of a server is never part of it. */
export interface Fetching {
  /** The list's path in the folder. */
  readonly path: string;
  /** The list's sha256. */
  readonly sha256: string;
  /** Root of the folder on the servers, best first, as the boot loader spells what it knows; without it the guest asks its lease. */
  readonly from?: readonly string[];
  /** How often to try everything again; 0 is for ever. */
  readonly rounds?: number;
}

/** The kernel arguments of an entry that boots from the network, to follow those of the live system. */
export const netbootArguments = ({ path, sha256, from = [], rounds }: Fetching): readonly string[] => [
  `livewright.list=${path}`,
  `livewright.sha256=${sha256}`,
  ...(from.length === 0 ? [] : [`livewright.from=${from.join(",")}`]),
  ...(rounds === undefined ? [] : [`livewright.rounds=${String(rounds)}`]),
];

/** The list that an entry's kernel arguments name, and its digest; nothing if they name none. */
export function fetchingOf(args: readonly string[]): Pick<Fetching, "path" | "sha256"> | undefined {
  const [path, sha256] = [valueOf(args, "livewright.list"), valueOf(args, "livewright.sha256")];
  return path === undefined || sha256 === undefined ? undefined : { path, sha256 };
}

const valueOf = (args: readonly string[], name: string): string | undefined =>
  args.findLast((argument) => argument.startsWith(`${name}=`))?.slice(name.length + 1);
