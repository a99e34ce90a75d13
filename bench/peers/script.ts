import { cp, mkdir, readFile, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Builder } from "../builder.ts";
import { checkout } from "../checkout.ts";
import type { Run } from "../figures.ts";
import { oneMore, packageSet } from "../package-set.ts";
import { measured, type Workshop } from "../workshop.ts";

/** `script.sh`: a person's own few lines. It knows nothing of changes and starts from nothing each time. */
export function script(workshop: Workshop): Builder {
  const { folder, mirror } = workshop;
  const iso = join(folder, "live.iso");
  const build = (title = "Live", packages = packageSet): Promise<Run> =>
    measured(workshop, {
      words: [join(checkout, "bench/peers/script.sh"), title, "boot=live components quiet", ...packages],
      iso,
    });
  const lay = (line: string): Promise<void> => writeFile(join(folder, "overlay/etc/bench"), `${line}\n`);
  return {
    name: "script",
    needs: [
      "mmdebstrap",
      "squashfs-tools",
      "xorriso",
      "isolinux",
      "syslinux-common",
      "grub-common",
      "grub-efi-amd64-bin",
      "mtools",
      "dosfstools",
    ],
    prepare: async () => {
      await cp(join(checkout, "bench/recipe/overlay"), join(folder, "overlay"), { recursive: true });
      await mkdir(join(folder, "cache"), { recursive: true });
      await writeFile(join(folder, "sources"), sources(mirror.main, mirror.security));
      if (!existsSync(iso)) await build();
    },
    runs: {
      cold: () => build(),
      package: () => build("Live", [...packageSet, oneMore]),
      file: async () => {
        await lay(`line ${Date.now()}`);
        return await build();
      },
      menu: () => build("Another title"),
      nothing: () => build(),
    },
    iso: () => Promise.resolve(iso),
    version: () => Promise.resolve("in bench/peers/script.sh"),
    packages: async () => (await readFile(join(folder, "packages"), "utf8")).trim().split("\n").length,
  };
}

const sources = (main: string, security: string): string =>
  [`deb ${main} bookworm main`, `deb ${main} bookworm-updates main`, `deb ${security} bookworm-security main`, ""].join(
    "\n",
  );
