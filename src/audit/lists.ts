import { Failure } from "../failure.ts";
import { fetchingOf, parseList, type ListedModule, type ModuleList } from "../netboot/list.ts";
import { parseRecord, recordPathOf } from "../netboot/record.ts";
import { textOf, type Sums } from "./checksums.ts";
import type { Folder } from "./folder.ts";
import type { Offer, ReadMenu } from "./isolinux-menu.ts";
import { error, errors, warning, type Finding, type ListFacts } from "./verdict.ts";
import type { Read } from "./volume.ts";

type ReadList = ModuleList & { readonly path: string };

/**
 * The lists of modules in a folder; and what does not fit between lists, records, modules and menus: each has the digest of the
 * next, from the kernel's arguments down to the lowest module. `sums` are the digests of all files as they are.
 */
export async function readLists(
  folder: Folder,
  sums: Sums,
  menus: readonly (readonly [where: string, menu: ReadMenu])[],
): Promise<{ readonly facts: readonly ListFacts[]; readonly findings: readonly Finding[] }> {
  const { image, tree } = folder;
  const paths = [...tree.keys()].filter((path) => /^lists\/[^/]+\.modules$/.test(path));
  const read = await Promise.all(
    paths.map(async (path) => {
      const text = (await textOf(image, tree, path)) ?? "";
      return attempt(`/${path}`, (): ReadList => ({ ...parseList(text, path), path }));
    }),
  );
  const lists = read.flatMap(({ value }) => value ?? []);
  const findings = [
    ...read.flatMap((each) => each.findings),
    ...lists.flatMap((list) => judgeList(list, folder, sums)),
    ...(await judgeRecords(lists, folder)),
    ...menus.flatMap(([where, menu]) => menu.offers.flatMap((offer) => judgeOffer(where, offer, sums))),
    ...judgeRest(lists, folder),
  ];
  return { findings, facts: lists.map(({ path, chain, memory }) => ({ path: `/${path}`, chain, memory })) };
}

/** A text that cannot be read as what it should be: its faults, one by one. */
function attempt<Value>(where: string, read: () => Value): Read<Value | undefined> {
  try {
    return { value: read(), findings: [] };
  } catch (fault) {
    if (!(fault instanceof Failure)) throw fault;
    const words = fault.message.split("\n").map((line) => line.replace(/^[^ ]+?[,:] /, ""));
    return { value: undefined, findings: words.map((what) => error(where, what)) };
  }
}

function judgeList({ path, memory, modules }: ReadList, { tree }: Folder, sums: Sums): Finding[] {
  const needed = modules.reduce((sum, { bytes }) => sum + bytes, 0);
  return [
    ...errors(`/${path}`, [
      [memory < needed, `it asks for ${String(memory)} bytes of memory, and its modules alone have ${String(needed)}`],
    ]),
    ...modules.flatMap((module) => {
      const node = tree.get(module.path);
      if (node?.type !== "file") return [error(`/${path}`, `/${module.path}, which it names, is not in the folder`)];
      return errors(`/${path}`, [
        [
          node.size !== module.bytes,
          `/${module.path} has ${String(node.size)} bytes instead of ${String(module.bytes)}`,
        ],
        [sums.get(module.path)?.sha256 !== module.sha256, `/${module.path} is not the module that it names`],
      ]);
    }),
  ];
}

/** Each module's record, judged once for every list that has the module. */
async function judgeRecords(lists: readonly ReadList[], { image, tree }: Folder): Promise<Finding[]> {
  const findings: Finding[] = [];
  const broken = new Set<string>();
  for (const { modules, path: list } of lists)
    for (const [at, module] of modules.entries()) {
      const path = recordPathOf(module.path);
      const text = await textOf(image, tree, path);
      const { value, findings: faults } =
        text === undefined
          ? { value: undefined, findings: [error(`/${path}`, `this record of /${module.path} is missing`)] }
          : attempt(`/${path}`, () => parseRecord(text, path));
      if (value === undefined) {
        if (!broken.has(path)) findings.push(...faults);
        broken.add(path);
        continue;
      }
      findings.push(
        ...judgeRecord(value, { module, below: modules.slice(0, at).map(({ sha256 }) => sha256), list, path }),
      );
    }
  return findings;
}

interface Listed {
  readonly module: ListedModule;
  readonly below: readonly string[];
  readonly list: string;
  readonly path: string;
}

const judgeRecord = (
  { sha256, bytes, below }: ReturnType<typeof parseRecord>,
  { module, below: wanted, list, path }: Listed,
): Finding[] =>
  errors(`/${path}`, [
    [sha256 !== module.sha256 || bytes !== module.bytes, `it is about another module than the one /${list} names`],
    [below.join() !== wanted.join(), `its module was made to stand on other modules than those below it in /${list}`],
  ]);

/** What an entry fetches is there, and is what its digest says. */
function judgeOffer(where: string, { name, kernel, arguments: args }: Offer, sums: Sums): Finding[] {
  if (kernel === undefined) return [];
  const fetching = fetchingOf(args);
  if (fetching === undefined) return [error(where, `the entry ${name} names no list of modules with its digest`)];
  const real = sums.get(fetching.path)?.sha256;
  return errors(where, [
    [real === undefined, `/${fetching.path}, which the entry ${name} fetches, is not in the folder`],
    [real !== undefined && real !== fetching.sha256, `the entry ${name} has another digest than /${fetching.path} has`],
  ]);
}

/** What no list leads to is never fetched. */
function judgeRest(lists: readonly ReadList[], { tree }: Folder): Finding[] {
  const listed = new Set(lists.flatMap(({ modules }) => modules.flatMap(({ path }) => [path, recordPathOf(path)])));
  return [
    ...(lists.length === 0 ? [error("/lists", "there is no list of modules that can be read")] : []),
    ...[...tree.keys()]
      .filter((path) => /^live\/[^/]+\.(squashfs|module)$/.test(path) && path !== "live/filesystem.module")
      .filter((path) => !listed.has(path))
      .map((path) => warning(`/${path}`, "no list of modules leads to it")),
  ];
}
