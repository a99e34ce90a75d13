import { createHash } from "node:crypto";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import type { Place } from "../command.ts";
import { dressFolder } from "../look/netboot.ts";
import type { MediumRecord } from "../medium.ts";
import { renderList, stacked, type ListedModule } from "../netboot/list.ts";
import { fetchingMenu } from "../netboot/menu.ts";
import { recordPathOf, renderRecord, type ModuleRecord } from "../netboot/record.ts";
import type { NetbootModule, Step } from "../plan/stage.ts";
import { readText, write } from "../system/files.ts";
import { readDigests } from "./checksums.ts";
import { readManifest } from "./tar/manifest.ts";

type Find = (place: Place) => string;

/** Write what only a netboot folder has, from the bottom up: records of its modules, their list, menus with the list's digest. */
export async function writeNetboot(
  step: Extract<Step, { do: "netboot" }>,
  find: Find,
  signal: AbortSignal,
): Promise<void> {
  const tree = find(step.tree);
  const modules = stacked(await Promise.all(step.modules.map((module) => weighed(module, find))));
  for (const [at, record] of (await recordsOf(step.modules, modules, find)).entries())
    await write(join(tree, recordPathOf(modules[at]?.path ?? "")), renderRecord(record));
  const memory = modules.reduce((sum, { bytes }) => sum + bytes, step.reserve);
  const list = renderList({ chain: step.chain, memory, modules });
  const sha256 = createHash("sha256").update(list).digest("hex");
  await write(join(tree, step.list), list);
  const menu = fetchingMenu(step.record.menu, { path: step.list, sha256 });
  const { isolinux, grub, ipxe } = step.templates;
  const folders = { isolinux: find(isolinux), grub: find(grub), ipxe: find(ipxe) };
  await dressFolder({ menu, memory, theme: find(step.theme), folders }, tree, signal);
  const kernel = (await readText(find(step.kernel))).trim();
  const record: MediumRecord = { ...step.record, menu, kernel, netboot: { list: step.list, sha256, memory } };
  await write(find(step.to), `${JSON.stringify(record, undefined, 2)}\n`);
}

async function weighed({ path, image, digests }: NetbootModule, find: Find): Promise<Omit<ListedModule, "parent">> {
  const { sha256 } = await readDigests(find(digests));
  return { sha256, bytes: (await stat(find(image))).size, path };
}

const recordsOf = (
  modules: readonly NetbootModule[],
  listed: readonly ListedModule[],
  find: Find,
): Promise<readonly ModuleRecord[]> =>
  Promise.all(
    listed.map(async ({ sha256, bytes, parent }, at): Promise<ModuleRecord> => {
      const { name = "", manifest } = modules[at] ?? {};
      return {
        format: 1,
        name,
        chain: modules
          .slice(0, at + 1)
          .map((each) => each.name)
          .join("-"),
        ...(parent === undefined ? {} : { parent }),
        sha256,
        bytes,
        below: listed.slice(0, at).map((each) => each.sha256),
        configuration: manifest !== undefined && !(await holdsPackages(find(manifest))),
      };
    }),
  );

/** dpkg's state says what all that is below consists of, so a module that has it fits one base only. */
const holdsPackages = async (manifest: string): Promise<boolean> =>
  (await readManifest(manifest)).some(
    ({ path, type }) => type !== "directory" && /^(\.\/)?var\/lib\/dpkg\//.test(path),
  );
