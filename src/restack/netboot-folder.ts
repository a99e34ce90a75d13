import { createHash } from "node:crypto";
import { mkdir, readdir, rename, rm, writeFile } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { audit } from "../audit/audit.ts";
import { isOf, linesOf, listedIn, relist } from "../build/artefact-list.ts";
import { writeFolderSums } from "../build/folder.ts";
import { sumsOf } from "../build/publish-folder.ts";
import { Failure } from "../failure.ts";
import { netbootTexts } from "../look/netboot.ts";
import { folderSums, recordPath, type Entry, type MediumRecord, type Menu, type NetbootRecord } from "../medium.ts";
import { parseList, type ModuleList } from "../netboot/list.ts";
import { netbootMenus } from "../netboot/menu.ts";
import { exists, publish, readText, removeTree } from "../system/files.ts";
import { trueFile } from "../system/host.ts";
import { lock } from "../system/lock.ts";
import { run } from "../system/process.ts";
import { replace } from "./restack.ts";

/** What changing the menus of a netboot folder takes. */
export interface Dressing {
  /** The program's own folder, with the templates of the menus. */
  readonly program: string;
  /** The theme's folder; absent, the one that the folder was built with, if it ships. */
  readonly theme?: string | undefined;
  readonly warn: (text: string) => void;
  readonly signal: AbortSignal;
}

/** A netboot folder as it says it is. */
export interface Opened {
  readonly path: string;
  readonly record: MediumRecord & { readonly netboot: NetbootRecord };
  readonly list: ModuleList;
}

export async function openNetboot(named: string): Promise<Opened> {
  const path = trueFile(named) ?? named; // Of a link there would be no copy.
  const file = join(path, recordPath);
  if (!(await exists(file)))
    throw new Failure("usage", `${path} is no netboot folder: ${recordPath} is missing`, {
      remedy: "name the folder that livewright build made of a recipe with media: [{kind: netboot}]",
    });
  const record = recordIn(await readText(file), file);
  const text = await readText(join(path, record.netboot.list));
  if (sha256(text) !== record.netboot.sha256)
    throw new Failure(
      "verification-failed",
      `${path}/${record.netboot.list} is not the list that the folder's menus name`,
      {
        remedy: `livewright inspect ${path}`,
      },
    );
  return { path, record, list: parseList(text, record.netboot.list) };
}

export const sha256 = (text: string): string => createHash("sha256").update(text).digest("hex");

function recordIn(text: string, file: string): Opened["record"] {
  try {
    const record = JSON.parse(text) as Partial<MediumRecord>;
    const { netboot, menu } = record;
    if (record.format === 1 && netboot !== undefined && Array.isArray(menu?.entries)) return record as Opened["record"];
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw new Failure("verification-failed", `${file} does not say what a netboot folder has to say`);
}

/** Files to be in the folder, by path: text, or a file to copy. */
export interface Changes {
  readonly entries: readonly Entry[];
  readonly files: ReadonlyMap<string, string | { readonly copyOf: string }>;
  readonly gone: readonly string[];
}

/**
 * Change a netboot folder: files, menus, record, checksums. All is made and re-read beside it first. Then what is new comes before
 * what leads to it, and what is no longer led to goes last, each by a rename: who boots meanwhile finds everything that its menu names.
 */
export async function changed(
  opened: Opened,
  change: (opened: Opened) => Promise<Changes>,
  dressing: Dressing,
): Promise<void> {
  const { signal } = dressing;
  // Not the folder itself: a build may put another in its place.
  await using _held = await lock(dirname(opened.path), signal, () => {
    dressing.warn(`waiting for another livewright that changes ${opened.path}`);
  });
  const now = await openNetboot(opened.path); // Another may have changed it before we held it.
  const { entries, files, gone } = await change(now);
  await using stage = await staged(now.path, signal);
  for (const [path, content] of files) await lay(join(stage.path, path), content, signal);
  const record = { ...now.record, menu: { ...now.record.menu, entries } };
  const menus = await menusOf(record.menu, now, dressing);
  for (const [path, content] of menus) await replaceBytes(join(stage.path, path), content);
  await replace(join(stage.path, recordPath), `${JSON.stringify(record, undefined, 2)}\n`);
  for (const path of gone) await rm(join(stage.path, path), { force: true });
  const touched = [...files.keys(), ...menus.keys(), recordPath];
  await writeSums(stage.path, touched, signal);
  await judge(stage.path, signal);
  const published = [...touched, folderSums];
  await run({ tool: "chmod", args: ["0644", "--", ...published.map((path) => join(stage.path, path))], signal });
  await run({ tool: "sync", args: ["--file-system", stage.path], signal });
  for (const path of published) await publish(join(stage.path, path), join(now.path, path));
  for (const path of gone) await rm(join(now.path, path), { force: true });
  await tellAround(now.path);
}

/** The same files by further names, beside the folder; what an earlier run left that was killed goes first. */
async function staged(folder: string, signal: AbortSignal): Promise<AsyncDisposable & { readonly path: string }> {
  const path = `${folder.replace(/\/+$/u, "")}.changing`;
  const clear = (): Promise<void> => removeTree(path);
  await clear();
  const stage = { path, [Symbol.asyncDispose]: clear };
  try {
    await run({ tool: "cp", args: ["--archive", "--link", "--no-target-directory", "--", folder, path], signal });
    return stage;
  } catch (error) {
    await clear();
    throw error;
  }
}

/** Never into a file that is there: it is the folder's own by another name. */
async function lay(to: string, content: string | { readonly copyOf: string }, signal: AbortSignal): Promise<void> {
  if (typeof content === "string") return replace(to, content);
  await mkdir(dirname(to), { recursive: true });
  await rm(to, { force: true });
  await run({ tool: "cp", args: ["--reflink=auto", "--", content.copyOf, to], signal });
  await run({ tool: "chmod", args: ["0644", to], signal });
}

async function replaceBytes(to: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(to), { recursive: true });
  await writeFile(`${to}.partial`, content);
  await rename(`${to}.partial`, to);
}

async function menusOf(
  menu: Menu,
  { path, record }: Opened,
  dressing: Dressing,
): Promise<ReadonlyMap<string, string | Buffer>> {
  const { program } = dressing;
  const folders = { isolinux: join(program, "isolinux"), grub: join(program, "grub-efi"), ipxe: join(program, "ipxe") };
  const theme = dressing.theme ?? (await builtWith(path, dressing));
  const texts = await netbootTexts({ menu, memory: record.netboot.memory, theme, folders });
  const known = new Set<string>(Object.values(netbootMenus));
  return new Map(texts.filter((text) => known.has(text.path)).map((text) => [text.path, text.content]));
}

const usual = "themes/calm";

/** The folder of the theme that the menus had, which their provenance names. */
async function builtWith(folder: string, { program, warn }: Dressing): Promise<string> {
  const file = join(folder, ".disk/provenance.json");
  const text = (await exists(file)) ? await readText(file) : "{}";
  const { recipe } = JSON.parse(text) as {
    readonly recipe?: { readonly menu?: { readonly theme?: { root?: string; path?: string } } };
  };
  const { root, path } = recipe?.menu?.theme ?? {};
  if (root === "program" && path !== undefined && (await exists(join(program, path)))) return join(program, path);
  warn(
    `the theme that ${folder} was built with is not here, so its menus get the colours of ${usual}: name it with --theme`,
  );
  return join(program, usual);
}

async function writeSums(stage: string, touched: readonly string[], signal: AbortSignal): Promise<void> {
  const file = join(stage, folderSums);
  const lines = (await readText(file)).split("\n").filter((line) => line !== "");
  const known = lines
    .map((line) => [line.slice(66), { sha256: line.slice(0, 64), md5: "" }] as const)
    .filter(([path]) => !touched.includes(path));
  await rm(file);
  await writeFolderSums(stage, new Map(known), signal);
}

async function judge(stage: string, signal: AbortSignal): Promise<void> {
  const { findings } = await audit(stage, signal);
  const errors = findings.filter(({ level }) => level === "error").map(({ where, what }) => `${where}: ${what}`);
  if (errors.length > 0)
    throw new Failure(
      "verification-failed",
      ["the folder would not hang together, and stays as it was:", ...errors].join("\n  "),
      {
        remedy: "look with livewright inspect whether it does now; if not, build it again",
      },
    );
}

/** The list that a build wrote beside the folder names each file in it, too. */
async function tellAround(folder: string): Promise<void> {
  const [outer, name] = [dirname(folder), basename(folder)];
  if ((await listedIn(outer)).some((line) => isOf(line, name)))
    await relist(outer, [name], linesOf(name, await sumsOf(folder)));
}

/** Paths of the lists in a folder. */
export const listsIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(folder, "lists")))
    .filter((name) => name.endsWith(".modules"))
    .sort()
    .map((name) => `lists/${name}`);
