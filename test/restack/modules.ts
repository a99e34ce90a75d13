import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { recordPathOf, renderRecord, type ModuleRecord } from "../../src/netboot/record.ts";
import { run } from "../../src/system/process.ts";
import { sha256 } from "../archive/repository.ts";
import { never, tarOf, type Plant } from "../build/plant.ts";

/** A squashfs with a record beside it, as a build or a running system leaves them. */
export interface Planted {
  readonly file: string;
  readonly record: ModuleRecord;
}

/** Make a real squashfs of a few files, to stand on others. Folders on the way are added. */
export async function planted(
  folder: string,
  name: string,
  { below = [], plants }: { readonly below?: readonly Planted[]; readonly plants: readonly Plant[] },
): Promise<Planted> {
  const file = join(folder, `${name}.squashfs`);
  await writeFile(`${file}.tar`, tarOf([{ path: ".", type: "directory" }, ...withFolders(plants)]));
  const args = ["-", file, "-tar", "-noappend", "-quiet", "-no-progress", "-root-mode", "0755"];
  await run({
    tool: "mksquashfs",
    args,
    inputFile: `${file}.tar`,
    env: { SOURCE_DATE_EPOCH: "1000" },
    signal: never(),
  });
  const bytes = await readFile(file);
  const sums = below.map(({ record }) => record.sha256);
  const parent = sums.at(-1);
  const record: ModuleRecord = {
    format: 1,
    name,
    chain: [...below.map((each) => each.record.name), name].join("-"),
    ...(parent === undefined ? {} : { parent }),
    sha256: sha256(bytes),
    bytes: bytes.length,
    below: sums,
    configuration: true,
  };
  await writeFile(recordPathOf(file), renderRecord(record));
  return { file, record };
}

function withFolders(plants: readonly Plant[]): readonly Plant[] {
  const given = new Map(plants.map((plant) => [plant.path, plant]));
  const folders = plants.flatMap(({ path }) =>
    path
      .split("/")
      .slice(0, -1)
      .map((_, at, steps) => [...steps.slice(0, at), steps[at] ?? ""].join("/")),
  );
  const missing = [...new Set(folders)].filter((path) => !given.has(path));
  const all = [...plants, ...missing.map((path): Plant => ({ path, type: "directory" }))];
  return all.sort((a, b) => (a.path < b.path ? -1 : 1));
}

export const whiteout = (path: string): Plant => ({ path, type: "character", device: [0, 0] });
export const folder = (path: string, more: Partial<Plant> = {}): Plant => ({ path, type: "directory", ...more });
export const opaque = { xattrs: { "trusted.overlay.opaque": "y" } };
