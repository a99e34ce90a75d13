import { from, type Place } from "../../command.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { digestsOf, imageOf, modulesOf } from "../stages/squashfs.ts";
import type { Step } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { initrdDigests, liveInitrd } from "./initrd.ts";
import { tree, write } from "./laying.ts";

/** Kernel, initrd and modules are linked or copied into the tree: nothing may write to what is linked. */
export type Carrying = "link" | "copy";

/** What live-boot starts, the same on every medium: kernel, initrd, modules and their order. */
export const liveFiles = (recipe: Recipe, { uuid, marker }: Identity, by: Carrying): readonly Step[] => [
  ...modulesOf(recipe).map((module): Step => ({ do: by, from: imageOf(module), to: tree(`live/${module.file}`) })),
  write(
    "live/filesystem.module",
    modulesOf(recipe)
      .map(({ file }) => `${file}\n`)
      .join(""),
  ),
  { do: by, from: from("initramfs", "vmlinuz"), to: tree("live/vmlinuz") },
  { do: by, from: liveInitrd, to: tree("live/initrd.img") },
  write(".disk/live-uuid", `${uuid}\n`),
  write(marker.slice(1), `${uuid}\n`),
];

/** Where the digests of the initrd and the modules are known already. */
export const liveDigests = (recipe: Recipe): Readonly<Record<string, Place>> =>
  Object.fromEntries([
    ["live/initrd.img", initrdDigests],
    ...modulesOf(recipe).map((module): [string, Place] => [`live/${module.file}`, digestsOf(module)]),
  ]);

/** The live system's files with their digests, as a provenance names them. */
export const liveParts = (
  recipe: Recipe,
  known: Readonly<Record<string, Place>>,
): Extract<Step, { do: "provenance" }>["files"] =>
  ["vmlinuz", "initrd.img", ...modulesOf(recipe).map(({ file }) => file)].map((file) => {
    const digests = known[`live/${file}`];
    return { name: `/live/${file}`, file: tree(`live/${file}`), ...(digests === undefined ? {} : { digests }) };
  });
