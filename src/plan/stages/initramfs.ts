import { output, shipped } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { hook } from "../../tools/hook.ts";
import { allTrees, layerNames, layerStage } from "../layers.ts";
import { offline } from "../packages.ts";
import { rootPath, run, type Stage, type View } from "../stage.ts";

/** Kernel and initramfs, made once from the finished tree; they lie beside the modules and in none of them. */
export const initramfs = (recipe: Recipe): Stage => ({
  name: "initramfs",
  revision: 1,
  view: view(recipe),
  bytes: 150e6,
  steps: [
    run(
      hook("mkinitramfs", rootPath, {
        LIVEWRIGHT_OUT: output("."),
        LIVEWRIGHT_FUNCTIONS: shipped("hooks/hook-functions.sh"),
      }),
      { in: offline(recipe, allTrees(recipe)) },
    ),
  ],
});

/** Lists of what is installed and of what there is, read from the finished tree. */
export const inventory = (recipe: Recipe): Stage => ({
  name: "inventory",
  revision: 2,
  bytes: 40e6,
  steps: ["inventory", "listing"].map((name) =>
    run(hook(name, rootPath, { LIVEWRIGHT_OUT: output(".") }), { in: offline(recipe, allTrees(recipe)) }),
  ),
});

/**
 * What mkinitramfs reads whatever its hooks are (mkinitramfs(8), initramfs-tools(7), modprobe.d(5), depmod.d(5), ld.so(8)):
 * kernel, modules and firmware, its own scripts and configuration, and the links that merge /usr. The rest differs from hook
 * to hook, and is found in what they name and copy.
 */
const view = (recipe: Recipe): View => ({
  layers: layerNames(recipe).map(layerStage),
  from: layerStage("essential"),
  paths: [
    ...["bin", "sbin", "lib", "lib64"],
    ...["boot/vmlinuz-*", "boot/config-*", "boot/System.map-*"],
    ...["usr/lib/modules/**", "usr/lib/firmware/**"],
    ...["usr/sbin/mkinitramfs", "usr/share/initramfs-tools/**", "etc/initramfs-tools/**"],
    ...["etc", "usr/lib", "usr/local/lib"].flatMap((folder) => [`${folder}/modprobe.d/**`, `${folder}/depmod.d/**`]),
    ...["etc/ld.so.conf", "etc/ld.so.conf.d/**", "etc/ld.so.preload"],
    ...["etc/udev/udev.conf", "etc/udev/rules.d/**"],
  ],
  scripts: [
    ...[
      "usr/sbin/mkinitramfs",
      "usr/share/initramfs-tools/hook-functions",
      "usr/share/initramfs-tools/scripts/functions",
    ],
    ...["usr/share/initramfs-tools", "etc/initramfs-tools"].flatMap((folder) =>
      ["hooks", "conf.d", "conf-hooks.d"].map((part) => `${folder}/${part}/*`),
    ),
    "etc/initramfs-tools/initramfs.conf",
  ],
  copied: "copied",
});
