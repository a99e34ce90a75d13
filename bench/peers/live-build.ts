import { existsSync } from "node:fs";
import { chmod, mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { capture } from "../../src/system/process.ts";
import type { Builder } from "../builder.ts";
import type { Run } from "../figures.ts";
import { oneMore, recommended } from "../package-set.ts";
import { measured, type Mirror, type Workshop } from "../workshop.ts";

/** live-build as its manual has it: `auto/config` says what is wanted, `lb clean` and `lb build` follow a change. */
export function liveBuild(workshop: Workshop): Builder {
  const { folder, signal } = workshop;
  const iso = join(folder, "live-image-amd64.hybrid.iso");
  const desk = deskIn(workshop);
  const build = (commands: string): Promise<Run> => measured(workshop, { words: ["sh", "-c", commands], iso });
  const rebuild = (): Promise<Run> => build("lb clean && lb build");
  const fromNothing = async (): Promise<Run> => {
    await rm(join(folder, "cache/bootstrap"), { recursive: true, force: true });
    return await rebuild();
  };
  const whole = async (): Promise<string> => {
    if (!existsSync(iso)) await rebuild();
    return iso;
  };
  return {
    name: "live-build",
    needs: ["live-build", "debootstrap"],
    prepare: async () => {
      await desk.configure();
      await desk.list();
      await desk.lay("line 0");
      if (!existsSync(join(folder, "cache/packages.chroot"))) await rebuild();
    },
    runs: {
      "cold-zstd": async () => {
        await desk.configure("--chroot-squashfs-compression-type", "zstd", "--chroot-squashfs-compression-level", "9");
        const run = await fromNothing();
        await desk.configure();
        await rm(iso);
        return run;
      },
      cold: fromNothing,
      package: async () => {
        await desk.list(oneMore);
        const run = await rebuild();
        await desk.list();
        return run;
      },
      file: async () => {
        await desk.lay(`line ${Date.now()}`);
        return await rebuild();
      },
      // For those who know that nothing but the medium is touched; whoever follows the manual makes the run `nothing`.
      menu: async () => {
        await whole();
        await desk.configure("--bootappend-live", `boot=live components quiet splash bench=${Date.now()}`);
        const run = await build("lb clean --binary && lb config && lb build");
        await desk.configure();
        return run;
      },
      nothing: rebuild,
      again: async () => {
        await whole();
        return await build("lb build");
      },
    },
    iso: whole,
    version: async () => (await capture({ tool: "lb", args: ["--version"], signal })).trim(),
    packages: async () => (await readFile(join(folder, "chroot.packages.live"), "utf8")).trim().split("\n").length,
  };
}

/** What a person writes: live-build brings kernel, live-boot and live-config itself. */
const deskIn = ({ folder, mirror }: Workshop) => ({
  configure: async (...words: readonly string[]): Promise<void> => {
    // Options that were given once would stay.
    await rm(join(folder, "config/chroot"), { force: true });
    await rm(join(folder, "config/binary"), { force: true });
    await write(
      folder,
      "auto/config",
      `#!/bin/sh\nlb config noauto ${[...wishes(mirror), ...words].map(quoted).join(" ")}\n`,
    );
    await chmod(join(folder, "auto/config"), 0o755);
  },
  list: (...packages: readonly string[]): Promise<void> =>
    write(
      folder,
      "config/package-lists/server.list.chroot",
      `${["sudo", "task-ssh-server", ...recommended, ...packages].join("\n")}\n`,
    ),
  lay: (line: string): Promise<void> => write(folder, "config/includes.chroot_after_packages/etc/bench", `${line}\n`),
});

/** The same system from the same mirror, and nothing besides it that the others do not make. */
const wishes = (mirror: Mirror): readonly string[] => [
  ...["--mode", "debian", "--distribution", "bookworm", "--architecture", "amd64", "--archive-areas", "main"],
  ...["--bootloaders", "grub-efi,syslinux"],
  ...["--mirror-bootstrap", mirror.main, "--mirror-chroot", mirror.main],
  ...["--mirror-chroot-security", mirror.security],
  // The image's own sources: live-build updates their lists before it packs the image.
  ...["--mirror-binary", mirror.main, "--mirror-binary-security", mirror.security],
  ...["--debootstrap-options", "--variant=minbase"],
  ...["--firmware-chroot", "false", "--firmware-binary", "false", "--zsync", "false"],
];

const quoted = (word: string): string => `'${word}'`;

async function write(folder: string, path: string, text: string): Promise<void> {
  await mkdir(dirname(join(folder, path)), { recursive: true });
  await writeFile(join(folder, path), text);
}
