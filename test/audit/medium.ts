import { cp, mkdir, mkdtemp, readFile, rm, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { checksums } from "../../src/build/checksums.ts";
import { output, partsOf, type Command, type Place } from "../../src/command.ts";
import { dress } from "../../src/look/dress.ts";
import { seekingScript } from "../../src/look/grub.ts";
import { paint } from "../../src/look/paint.ts";
import { recordPath, type Entry, type MediumRecord } from "../../src/medium.ts";
import { KnownDigests } from "../../src/system/known-digests.ts";
import { Memory } from "../../src/system/memory.ts";
import { run } from "../../src/system/process.ts";
import { hybridIso } from "../../src/tools/xorriso.ts";
import { checkout } from "../livewright.ts";
import { kernel, program } from "./program.ts";

const never = new AbortController().signal;
const digests = new KnownDigests(new Memory());

const linux = (name: string, more: readonly string[] = []): Entry => ({
  do: "linux",
  name,
  title: `Start ${name}`,
  kind: "live",
  kernel: "/live/vmlinuz",
  initrd: "/live/initrd.img",
  arguments: ["boot=live", "components", ...more],
  help: `Starts ${name}`,
});

export const record: MediumRecord = {
  format: 1,
  name: "sample",
  version: "1.0",
  suite: "bookworm",
  architecture: "amd64",
  recipe: { name: "sample", shipped: false },
  volume: "SAMPLE_1",
  marker: "/.disk/id/3f0c6a52-0000-5000-8000-000000000001",
  kernel: "6.1.0-99-amd64",
  menu: {
    title: "Sample",
    timeout: 5,
    serial: "ttyS0,115200",
    entries: [
      linux("live"),
      linux("serial", ["console=ttyS0,115200"]),
      {
        do: "menu",
        name: "languages",
        title: "Languages",
        entries: [linux("german", ["locales=de_DE.UTF-8"]), linux("french", ["locales=fr_FR.UTF-8"])],
      },
      { do: "memtest", name: "memtest", title: "Memory test", bios: "/boot/memtest.bin", efi: "/boot/memtest.efi" },
      { do: "firmware-settings", name: "firmware", title: "Firmware settings" },
      { do: "local-disk", name: "disk", title: "First disk" },
    ],
  },
  modules: ["00-base.squashfs", "01-settings.squashfs"],
  user: { name: "user", sudo: true },
  rootLocked: true,
  checks: [],
  patched: ["isolinux/isolinux.bin", "isolinux/boot.cat"],
};

/** The parts of a medium before it is put together; each may be spoilt. */
export interface Parts {
  readonly tree: string;
  readonly esp: string;
}

/** A workshop of small media with everything a real one has: real menus, real isolinux, real squashfs, a real ESP. */
export class Workshop implements AsyncDisposable {
  readonly folder: string;
  #count = 0;

  private constructor(folder: string) {
    this.folder = folder;
  }

  static async open(): Promise<Workshop> {
    const workshop = new Workshop(await mkdtemp(join(tmpdir(), "livewright-audit-")));
    await workshop.#furnish();
    return workshop;
  }

  /** Put a medium together. `before` works on its parts before checksums are made, `after` when only the ISO is missing. */
  async make({ before, after, sample = record, command }: Making = {}): Promise<string> {
    this.#count += 1;
    const place = join(this.folder, String(this.#count));
    const parts: Parts = { tree: join(place, "tree"), esp: join(place, "esp") };
    await cp(join(this.folder, "parts"), place, { recursive: true });
    await put(join(parts.tree, recordPath), JSON.stringify(sample));
    await before?.(parts);
    await checksums(parts.tree, { except: record.patched, known: new Map(), digests, signal: never });
    await after?.(parts);
    const image = join(place, "esp.img");
    await fat(parts.esp, image);
    const iso = join(place, "a medium's.iso");
    await runSpelled((command ?? ((each) => each))(assembly(sample.volume)), {
      tree: parts.tree,
      iso,
      "esp.img": image,
    });
    return iso;
  }

  /** A copy of a medium, its bytes changed where they are, or cut or lengthened by what `change` returns. */
  async patched(iso: string, change: (bytes: Buffer) => unknown): Promise<string> {
    this.#count += 1;
    const path = join(this.folder, `${String(this.#count)}.iso`);
    const bytes = await readFile(iso);
    const changed = change(bytes);
    await writeFile(path, changed instanceof Buffer ? changed : bytes);
    return path;
  }

  async #furnish(): Promise<void> {
    const { tree, esp } = { tree: join(this.folder, "parts/tree"), esp: join(this.folder, "parts/esp") };
    const modules = "/usr/lib/syslinux/modules/bios";
    for (const name of ["ldlinux", "libcom32", "libutil", "vesamenu"])
      await put(join(tree, `isolinux/${name}.c32`), await readFile(`${modules}/${name}.c32`));
    await put(join(tree, "isolinux/isolinux.bin"), await readFile("/usr/lib/ISOLINUX/isolinux.bin"));
    await put(join(tree, "live/vmlinuz"), kernel(record.kernel, true));
    await put(join(tree, "live/initrd.img"), Buffer.concat([Buffer.from("070701"), Buffer.alloc(5000)]));
    await put(join(tree, "live/filesystem.module"), record.modules.map((name) => `${name}\n`).join(""));
    for (const name of record.modules) await squash(this.folder, join(tree, "live", name));
    await put(join(tree, ".disk/info"), "Sample 1.0\n");
    await put(join(tree, record.marker), "");
    await put(join(tree, "boot/memtest.bin"), "memtest");
    await put(join(tree, "boot/memtest.efi"), program("x86-64", false));
    await put(join(tree, "boot/grub/fonts/unicode.pf2"), "font");
    const loaders = [
      ["bootx64", "x86-64", true],
      ["grubx64", "x86-64", true],
      ["mmx64", "x86-64", true],
      ["bootia32", "i386", false],
    ] as const;
    for (const [name, machine, signed] of loaders) {
      await put(join(tree, `EFI/boot/${name}.efi`), program(machine, signed));
      await put(join(esp, `EFI/boot/${name}.efi`), program(machine, signed));
    }
    const from = { theme: `${checkout}/themes/calm`, isolinux: `${checkout}/isolinux`, grub: `${checkout}/grub-efi` };
    await paint({ theme: from.theme, tree, signal: never });
    await dress({ ...from, menu: record.menu, marker: record.marker, tree, signal: never });
    const seeking = await seekingScript(from.grub, record.marker);
    await put(join(tree, "boot/grub/esp-grub.cfg"), seeking);
    await put(join(esp, "boot/grub/grub.cfg"), seeking);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}

export interface Making {
  readonly before?: (parts: Parts) => Promise<void>;
  readonly after?: (parts: Parts) => Promise<void>;
  readonly sample?: MediumRecord;
  /** Another way to call xorriso. */
  readonly command?: (command: Command) => Command;
}

export async function put(path: string, content: string | Buffer): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, content);
}

const assembly = (volume: string): Command =>
  hybridIso({
    tree: output("tree"),
    iso: output("iso"),
    volume,
    esp: output("esp.img"),
    mbr: output("/usr/lib/ISOLINUX/isohdpfx.bin"),
    isolinux: "isolinux/isolinux.bin",
    catalog: "isolinux/boot.cat",
    modified: "2024010203040500",
  });

/** Run a command whose places are told by name; a place without a name is a path of this host. */
async function runSpelled({ tool, args }: Command, places: Readonly<Record<string, string>>): Promise<void> {
  const spelled = (part: string | Place): string =>
    typeof part === "string" ? part : "path" in part ? (places[part.path] ?? part.path) : "";
  await run({ tool, args: args.map((arg) => partsOf(arg).map(spelled).join("")), signal: never });
}

async function squash(folder: string, image: string): Promise<void> {
  const tree = join(folder, "squashed");
  await put(join(tree, "etc/os-release"), "ID=debian\n");
  await run({
    tool: "mksquashfs",
    args: [tree, image, "-noappend", "-comp", "zstd", "-quiet", "-no-progress"],
    signal: never,
  });
}

async function fat(from: string, image: string): Promise<void> {
  await writeFile(image, "");
  await truncate(image, 2 * 2 ** 20);
  await run({ tool: "mkfs.vfat", args: ["--invariant", "-i", "abcdef01", image], signal: never });
  await run({ tool: "sh", args: ["-c", 'exec mcopy -s -i "$1" "$2"/* ::/', "sh", image, from], signal: never });
}
