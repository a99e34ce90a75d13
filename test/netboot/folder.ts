import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rename, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { writeFolderSums } from "../../src/build/folder.ts";
import { writeNetboot } from "../../src/build/netboot.ts";
import { output, source } from "../../src/command.ts";
import { recordPath } from "../../src/medium.ts";
import { defaultList } from "../../src/netboot/list.ts";
import { bootDisk, hookInitrd, netbootMenus } from "../../src/netboot/menu.ts";
import { netbootMenu } from "../../src/plan/media/netboot.ts";
import { digestsOf } from "../../src/system/digests.ts";
import { kernel, program } from "../audit/program.ts";
import { record } from "../audit/medium.ts";
import { checkout } from "../livewright.ts";
import { richRecipe } from "../look/recipes.ts";

const never = new AbortController().signal;
const names = ["base", "console", "settings"] as const;

/** Netboot folders as builds make them, of a kernel, modules and loaders that are as small as can be. */
export class Bench implements AsyncDisposable {
  readonly folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Bench> {
    const bench = new Bench(await mkdtemp(join(tmpdir(), "netboot-folder ")));
    await furnish(join(bench.folder, "whole"), join(bench.folder, "stages"));
    return bench;
  }

  /** A folder of its own, spoilt by `change`; with `sums` its checksums are made after that. */
  async make(change: (folder: string) => Promise<unknown> = () => Promise.resolve(), sums?: "sums"): Promise<string> {
    this.#count += 1;
    const folder = join(this.folder, String(this.#count));
    await cp(join(this.folder, "whole"), folder, { recursive: true });
    await change(folder);
    if (sums !== undefined) await writeFolderSums(folder, new Map(), never);
    return folder;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

/** Change a text in a folder. */
export async function edit(folder: string, path: string, change: (text: string) => string): Promise<void> {
  const text = await readFile(join(folder, path), "utf8");
  const changed = change(text);
  if (changed === text) throw new Error(`nothing to change in ${path}`);
  await writeFile(join(folder, path), changed);
}

async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

/** The superblock of a squashfs without anything in it, and as many bytes as it says. */
function squashfs(content: string): Buffer {
  const image = Buffer.alloc(4096, content);
  const absent = 0xffff_ffff_ffff_ffffn;
  image.write("hsqs", 0);
  for (const [at, value] of [[12, 131072]] as const) image.writeUInt32LE(value, at);
  for (const [at, value] of [
    [20, 6],
    [22, 17],
    [24, 0],
    [28, 4],
    [30, 0],
  ] as const)
    image.writeUInt16LE(value, at);
  for (const [at, value] of [
    [40, 4096n],
    [48, 400n],
    [56, absent],
    [64, 100n],
    [72, 200n],
    [80, 300n],
    [88, absent],
  ] as const)
    image.writeBigUInt64LE(value, at);
  return image;
}

async function furnish(tree: string, stages: string): Promise<void> {
  await put(join(tree, "live/vmlinuz"), kernel(record.kernel, true));
  for (const path of ["live/initrd.img", hookInitrd])
    await put(join(tree, path), Buffer.concat([Buffer.from("070701"), Buffer.alloc(1000, path)]));
  const modules = names.map((name, at) => ({ name, path: `live/0${String(at + 1)}-${name}.squashfs` }));
  for (const { name, path } of modules) {
    await put(join(tree, path), squashfs(name));
    const [sha256] = await digestsOf(join(tree, path), ["sha256"]);
    await put(join(stages, `${name}.digests`), JSON.stringify({ sha256, md5: "" }));
    const holds = name === "settings" ? "etc/hostname" : "var/lib/dpkg/status";
    await put(join(stages, `${name}.manifest`), `${JSON.stringify({ path: holds, type: "file" })}\n`);
  }
  await put(
    join(tree, "live/filesystem.module"),
    modules.map(({ path }) => `${path.slice("live/".length)}\n`).join(""),
  );
  await put(join(tree, "pxelinux.0"), "pxelinux");
  for (const name of ["ldlinux", "libutil", "menu"])
    await put(join(tree, `${name}.c32`), name === "menu" ? "needs libutil.c32" : name);
  for (const name of ["bootx64", "grubx64", "mmx64"])
    for (const folder of ["", "EFI/boot/"]) await put(join(tree, `${folder}${name}.efi`), program("x86-64", true));
  await put(join(tree, ".disk/info"), "Sample 1.0\n");
  await put(join(stages, "release"), `${record.kernel}\n`);
  await writeNetboot(
    {
      do: "netboot",
      chain: names.join("-"),
      modules: modules.map(({ name, path }) => ({
        name,
        path,
        image: output(join(tree, path)),
        digests: output(join(stages, `${name}.digests`)),
        manifest: output(join(stages, `${name}.manifest`)),
      })),
      reserve: 2 ** 20,
      list: defaultList,
      record: {
        ...record,
        menu: netbootMenu(richRecipe()),
        modules: modules.map(({ path }) => path.slice("live/".length)),
        patched: [],
      },
      kernel: output(join(stages, "release")),
      theme: source("program", "themes/calm"),
      templates: {
        isolinux: source("program", "isolinux"),
        grub: source("program", "grub-efi"),
        ipxe: source("program", "ipxe"),
      },
      tree: output(tree),
      to: output(join(tree, recordPath)),
    },
    (place) => ("root" in place ? join(checkout, place.path) : "path" in place ? place.path : ""),
    never,
  );
  await writeBootDisk(tree);
  await writeFolderSums(tree, new Map(), never);
}

/** The disk for UEFI HTTP boot, as a build makes it of what is in the folder. */
export async function writeBootDisk(tree: string): Promise<void> {
  const work = await mkdtemp(join(tmpdir(), "boot-disk-"));
  const names = ["bootx64.efi", "grubx64.efi", "mmx64.efi"].map((name) => `EFI/boot/${name}`);
  for (const path of [...names, "live/vmlinuz", "live/initrd.img", hookInitrd])
    await put(join(work, "disk", path), await readFile(join(tree, path)));
  await put(join(work, "disk", bootDisk.menu), await readFile(join(tree, netbootMenus.grub)));
  const env = { ...process.env, LIVEWRIGHT_OUT: work, LIVEWRIGHT_ID: "12345678", LIVEWRIGHT_EPOCH: "1700000000" };
  await promisify(execFile)("sh", [join(checkout, "hooks/esp"), join(work, "disk")], { env });
  await rename(join(work, "esp.img"), join(tree, bootDisk.file));
  await rm(work, { recursive: true });
}
