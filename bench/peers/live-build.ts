import { existsSync } from "node:fs";
import { mkdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { execa } from "execa";
import type { Builder } from "../builder.ts";
import type { Run } from "../figures.ts";
import { oneMore } from "../package-set.ts";
import { logged, measured, type Workshop } from "../workshop.ts";

/** live-build as its manual has it: `lb config` once, then `lb clean` and `lb build` after a change, with its caches on. */
export function liveBuild(workshop: Workshop): Builder {
  const { folder, signal } = workshop;
  const iso = join(folder, "live-image-amd64.hybrid.iso");
  const list = (...packages: readonly string[]): Promise<void> =>
    writeFile(join(folder, "config/package-lists/server.list.chroot"), `${packages.join("\n")}\n`);
  const lay = async (line: string): Promise<void> => {
    const etc = join(folder, "config/includes.chroot_after_packages/etc");
    await mkdir(etc, { recursive: true });
    await writeFile(join(etc, "bench"), `${line}\n`);
  };
  const configure = (...words: readonly string[]): Promise<void> =>
    logged(folder, { words: ["lb", "config", ...config(workshop), ...words], cwd: folder, signal });
  const build = (clean: string): Promise<Run> => measured(workshop, { words: ["sh", "-c", `${clean}lb build`], iso });
  const rebuild = (): Promise<Run> => build("lb clean && ");
  const fromNothing = async (): Promise<Run> => {
    await rm(join(folder, "cache/bootstrap"), { recursive: true, force: true });
    return await rebuild();
  };
  return {
    name: "live-build",
    needs: ["live-build", "debootstrap"],
    prepare: async () => {
      await mkdir(folder, { recursive: true });
      await configure();
      await list(...own);
      await lay("line 0");
      if (!existsSync(join(folder, "cache/packages.chroot"))) await rebuild();
    },
    runs: {
      "cold-zstd": async () => {
        await configure("--chroot-squashfs-compression-type", "zstd", "--chroot-squashfs-compression-level", "9");
        const run = await fromNothing();
        await rm(join(folder, "config"), { recursive: true });
        await configure();
        await list(...own);
        await lay("line 0");
        return run;
      },
      cold: fromNothing,
      package: async () => {
        await list(...own, oneMore);
        const run = await rebuild();
        await list(...own);
        return run;
      },
      file: async () => {
        await lay(`line ${Date.now()}`);
        return await rebuild();
      },
      menu: async () => {
        await whole(iso, rebuild);
        await configure("--bootappend-live", `boot=live components quiet splash bench=${Date.now()}`);
        const run = await build("lb clean --binary && ");
        await configure("--bootappend-live", bootAppend);
        return run;
      },
      nothing: rebuild,
      again: async () => {
        await whole(iso, rebuild);
        return await build("");
      },
    },
    iso: async () => {
      await whole(iso, rebuild);
      return iso;
    },
    version: async () => (await execa("lb", ["--version"])).stdout.trim(),
    packages: async () => (await readFile(join(folder, "chroot.packages.live"), "utf8")).trim().split("\n").length,
    liveConfig: () => Promise.resolve(["components"]),
  };
}

/** live-build brings kernel, live-boot and live-config itself. */
const own = ["sudo", "task-ssh-server"];

const bootAppend = "boot=live components quiet splash";

async function whole(iso: string, build: () => Promise<Run>): Promise<void> {
  if (!existsSync(iso)) await build();
}

/** The same system from the same mirror, and nothing besides it that the others do not make. */
const config = ({ mirror }: Workshop): readonly string[] => [
  ...["--mode", "debian", "--distribution", "bookworm", "--architecture", "amd64", "--archive-areas", "main"],
  ...["--bootloaders", "grub-efi,syslinux"],
  ...["--mirror-bootstrap", mirror.main, "--mirror-chroot", mirror.main],
  ...["--mirror-chroot-security", mirror.security],
  ...["--debootstrap-options", "--variant=minbase"],
  ...["--firmware-chroot", "false", "--firmware-binary", "false", "--zsync", "false"],
];
