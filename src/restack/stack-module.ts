import { basename, join } from "node:path";
import { Failure } from "../failure.ts";
import type { Entry, LinuxEntry } from "../medium.ts";
import { defaultList, fetchingOf, listPath, parseList, renderList, stacked, type ModuleList } from "../netboot/list.ts";
import { stackedEntry } from "../netboot/menu.ts";
import { baseChainOf, modulePathOf, recordPathOf, renderRecord, type ModuleRecord } from "../netboot/record.ts";
import { didYouMean } from "../recipe/suggest.ts";
import { exists, readText } from "../system/files.ts";
import { changed, listsIn, openNetboot, sha256, type Changes, type Dressing, type Opened } from "./netboot-folder.ts";
import { believedRecord } from "./restack.ts";
import { Sums } from "./sums.ts";

export interface Stacking extends Dressing {
  /** The netboot folder. */
  readonly folder: string;
  /** The saved squashfs, with its record beside it, by the name of either. */
  readonly module: string;
  /** What the menus call it; absent, its name. */
  readonly title?: string | undefined;
}

/** What a netboot folder got. */
export interface StackedModule {
  /** Path of the list in the folder. */
  readonly list: string;
  /** Name of the menus' entry. */
  readonly entry: string;
}

/**
 * Add a saved module to a netboot folder: one more list, of the folder's own modules and this one, and an entry in its menus. A
 * module of that name that was stacked before is replaced. It has to stand on what the folder's own list has.
 */
export async function stackModule({ folder, module: named, title, ...dressing }: Stacking): Promise<StackedModule> {
  const module = modulePathOf(named);
  const record = await believedRecord(module, { sums: new Sums() });
  const list = listPath(record.name);
  const entry = entryName(record.name);
  refuseName(record.name, list);
  refuseTitle(title ?? record.name);
  const change = async (opened: Opened): Promise<Changes> => {
    refuseStranger(record, opened, module);
    const next = listWith(record, opened.list);
    const text = renderList(next);
    const path = next.modules.at(-1)?.path ?? "";
    const started = entryFor(opened, {
      name: entry,
      title: title ?? record.name,
      memory: next.memory,
      list,
      sha256: sha256(text),
    });
    const others = opened.record.menu.entries.filter((each) => !fetches(each, list));
    refuseEntry(others, started);
    return {
      entries: inOrder([...others, started]),
      files: new Map<string, string | { copyOf: string }>([
        [path, { copyOf: module }],
        [recordPathOf(path), renderRecord(record)],
        [list, text],
      ]),
      gone: (await orphans(opened, list)).filter((each) => each !== path && each !== recordPathOf(path)),
    };
  };
  await changed(await openNetboot(folder), change, dressing);
  return { list, entry };
}

/** Take a stacked module out of a netboot folder: its list, its entry, and its files, if no other list has them. */
export async function unstackModule({
  folder,
  name,
  ...dressing
}: Dressing & { readonly folder: string; readonly name: string }): Promise<void> {
  const list = listPath(name);
  const opened = await openNetboot(folder);
  if (list === defaultList || !(await exists(join(folder, list)))) {
    const known = (await listsIn(folder))
      .filter((each) => each !== defaultList)
      .map((each) => basename(each, ".modules"));
    throw new Failure("usage", `${folder} has no stacked module called ${name}${didYouMean(name, known)}`, {
      remedy: known.length === 0 ? undefined : `one of ${known.join(", ")}`,
    });
  }
  const change = async (now: Opened): Promise<Changes> => ({
    entries: now.record.menu.entries.filter((each) => !fetches(each, list)),
    files: new Map(),
    gone: [list, ...(await orphans(now, list))],
  });
  await changed(opened, change, dressing);
}

function refuseName(name: string, list: string): void {
  if (list === defaultList)
    throw new Failure(
      "usage",
      `a module called ${name} cannot be stacked: that is what the folder's own list is called`,
    );
}

/** Menus on text screens have lines of 80 columns. */
function refuseTitle(title: string): void {
  if (!/^[^\p{C}]{1,60}$/u.test(title) || title.trim() === "")
    throw new Failure("usage", "a title is one line of 1 to 60 characters");
}

function refuseStranger(record: ModuleRecord, { path, list }: Opened, module: string): void {
  const wanted = list.modules.map(({ sha256: sum }) => sum);
  if (record.below.join() === wanted.join()) return;
  throw new Failure(
    "refused",
    `${module} stands on another base (${baseChainOf(record)}) than ${path} has (${list.chain})`,
    {
      remedy: `livewright restack ${module} --onto ${path}`,
    },
  );
}

/** The folder's own modules and one more; what the running system needs besides them stays the same. */
function listWith({ name, sha256: sum, bytes }: ModuleRecord, { chain, memory, modules }: ModuleList): ModuleList {
  const number = String(modules.length + 1).padStart(2, "0");
  const module = { sha256: sum, bytes, path: `live/${number}-${name}.squashfs` };
  return { chain: `${chain}-${name}`, memory: memory + bytes, modules: stacked([...modules, module]) };
}

/** Names of entries are words for three loaders; a module's may have dots and more. */
const entryName = (module: string): string => `${stackedEntry}${module.replaceAll(/[^a-z0-9-]/gu, "-")}`;

interface Started {
  readonly name: string;
  readonly title: string;
  readonly memory: number;
  readonly list: string;
  readonly sha256: string;
}

/** Like the entry that starts first, but for what it fetches. */
function entryFor({ record, path }: Opened, { name, title, memory, list, sha256: sum }: Started): LinuxEntry {
  const first = record.menu.entries.find((each) => each.do === "linux");
  if (first === undefined)
    throw new Failure("verification-failed", `the menus of ${path} start nothing that could be stacked upon`);
  const { help: _, ...rest } = first;
  const args = first.arguments.map((argument) => {
    if (argument.startsWith("livewright.list=")) return `livewright.list=${list}`;
    return argument.startsWith("livewright.sha256=") ? `livewright.sha256=${sum}` : argument;
  });
  return { ...rest, name, title, memory, arguments: args };
}

function refuseEntry(others: readonly Entry[], { name }: LinuxEntry): void {
  if (others.some((each) => each.name === name))
    throw new Failure("usage", `the menus have an entry ${name} already, of another module`, {
      remedy: "save the module under another name",
    });
}

/** Stacked modules follow the folder's own entries by name, in whatever order they came. */
const inOrder = (entries: readonly Entry[]): readonly Entry[] => {
  const own = entries.filter((each) => each.do !== "linux" || fetches(each, defaultList));
  const others = entries.filter((each) => !own.includes(each));
  return [...own, ...others.sort((a, b) => (a.name < b.name ? -1 : 1))];
};

const fetches = (entry: Entry, list: string): boolean =>
  entry.do === "linux" && fetchingOf(entry.arguments)?.path === list;

/** Modules and records that only this list leads to. */
async function orphans({ path }: Opened, list: string): Promise<readonly string[]> {
  if (!(await exists(join(path, list)))) return [];
  const modulesIn = async (each: string): Promise<readonly string[]> =>
    parseList(await readText(join(path, each)), each).modules.map((module) => module.path);
  const others = await Promise.all((await listsIn(path)).filter((each) => each !== list).map(modulesIn));
  const kept = new Set(others.flat());
  return (await modulesIn(list)).filter((each) => !kept.has(each)).flatMap((each) => [each, recordPathOf(each)]);
}
