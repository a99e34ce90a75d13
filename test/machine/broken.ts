import { chmod, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { run } from "../../src/system/process.ts";
import { recordPath, type MediumRecord } from "../../src/medium.ts";

const { signal } = new AbortController();

/** An ISO to be spoilt: files of it can be read, replaced and removed. */
export class Spoiling {
  readonly #good: string;
  readonly #folder: string;
  readonly #edits: string[] = [];

  constructor(good: string, folder: string) {
    this.#good = good;
    this.#folder = folder;
  }

  /** Take a file off the medium; what is done to the copy counts only after `put`. */
  async take(path: string): Promise<string> {
    const copy = join(this.#folder, path);
    await mkdir(dirname(copy), { recursive: true });
    await xorriso("-osirrox", "on", "-indev", this.#good, "-extract", path, copy);
    await chmod(copy, 0o644);
    return copy;
  }

  put(path: string, file: string): void {
    this.#edits.push("-map", file, path);
  }

  remove(path: string): void {
    this.#edits.push("-rm", path, "--");
  }

  async edit(path: string, change: (text: string) => string): Promise<void> {
    const copy = await this.take(path);
    await writeFile(copy, change(await readFile(copy, "utf8")));
    this.put(path, copy);
  }

  /** Change the kernel arguments of all entries, in both menus. */
  async arguments(change: (text: string) => string): Promise<void> {
    await this.edit("/isolinux/isolinux.cfg", change);
    await this.edit("/boot/grub/grub.cfg", change);
  }

  /** Files laid over the initramfs: a further cpio archive replaces what the first one brought. */
  async overInitrd(files: Readonly<Record<string, string>>): Promise<void> {
    const initrd = await this.take("/live/initrd.img");
    const tree = await this.#tree("initrd", files);
    const script = '(cd "$1" && find . | cpio --quiet -o -H newc | gzip) >> "$2"';
    await run({ tool: "sh", args: ["-ec", script, "sh", tree, initrd], signal });
    this.put("/live/initrd.img", initrd);
  }

  /** One more squashfs module above all others, in the record too. */
  async module(files: Readonly<Record<string, string>>): Promise<void> {
    const tree = await this.#tree("module", files);
    const image = join(this.#folder, "99-broken.squashfs");
    await run({ tool: "mksquashfs", args: [tree, image, "-noappend", "-all-root", "-quiet"], signal });
    this.put("/live/99-broken.squashfs", image);
    await this.edit("/live/filesystem.module", (text) => `${text.trimEnd()}\n99-broken.squashfs\n`);
    await this.record((record) => ({ ...record, modules: [...record.modules, "99-broken.squashfs"] }));
  }

  record(change: (record: MediumRecord) => MediumRecord): Promise<void> {
    return this.edit(`/${recordPath}`, (text) => JSON.stringify(change(JSON.parse(text) as MediumRecord)));
  }

  async write(): Promise<string> {
    const iso = join(this.#folder, "broken.iso");
    await xorriso("-indev", this.#good, "-outdev", iso, "-boot_image", "any", "replay", ...this.#edits, "-commit");
    return iso;
  }

  async #tree(name: string, files: Readonly<Record<string, string>>): Promise<string> {
    const tree = join(this.#folder, name);
    for (const [path, text] of Object.entries(files)) {
      await mkdir(dirname(join(tree, path)), { recursive: true });
      await writeFile(join(tree, path), text);
      if (text.startsWith("#!")) await chmod(join(tree, path), 0o755);
    }
    return tree;
  }
}

/** Overwrite a file's last bytes with noise, or all of it. */
export async function scramble(file: string, bytes: number): Promise<void> {
  const { size } = await stat(file);
  await using handle = await open(file, "r+");
  const noise = Buffer.alloc(Math.min(bytes, size), 0xa5);
  await handle.write(noise, 0, noise.length, size - noise.length);
}

export const removeFolder = (path: string): Promise<void> => rm(path, { recursive: true, force: true });

const xorriso = (...args: readonly string[]): Promise<number> =>
  run({ tool: "xorriso", args: ["-return_with", "FAILURE", "32", ...args], signal });
