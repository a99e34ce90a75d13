import { from, scratch, type Place } from "../../command.ts";
import { longestValue, lowerOption } from "../../recipe/modules.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { digestsOf, imageOf, modulesOf } from "../stages/squashfs.ts";
import type { Facts } from "../facts.ts";
import type { Step } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { copy, packed, tree, write } from "./laying.ts";

/** A module is linked or copied into the tree: nothing may write to one that is linked. */
export type Carrying = "link" | "copy";

/** What live-boot starts, the same on every medium: kernel, initramfs, modules and their order. */
export const liveFiles = (recipe: Recipe, { uuid, marker }: Identity, facts: Facts, by: Carrying): readonly Step[] => [
  ...modulesOf(recipe).map((module): Step => ({ do: by, from: imageOf(module), to: tree(`live/${module.file}`) })),
  write(
    "live/filesystem.module",
    modulesOf(recipe)
      .map(({ file }) => `${file}\n`)
      .join(""),
  ),
  copy(from("initramfs", "vmlinuz"), "live/vmlinuz"),
  // live-boot mounts only a medium whose .disk/live-uuid is that of its initramfs: with two sticks it takes its own.
  { do: "write", text: `${uuid}\n`, to: scratch("own/conf/uuid.conf") },
  { do: "write", text: loopDevices(recipe), to: scratch("own/etc/modprobe.d/live-modules.conf") },
  ...longChain(recipe),
  packed("own", scratch("own.cpio"), facts, recipe),
  { do: "concatenate", files: [from("initramfs", "initrd.img"), scratch("own.cpio")], to: tree("live/initrd.img") },
  write(".disk/live-uuid", `${uuid}\n`),
  write(marker.slice(1), `${uuid}\n`),
];

/** Where the digests of modules are known already. */
export const moduleDigests = (recipe: Recipe): Readonly<Record<string, Place>> =>
  Object.fromEntries(modulesOf(recipe).map((module) => [`live/${module.file}`, digestsOf(module)]));

/** The live system's files with their digests, as a provenance names them. */
export const liveParts = (
  recipe: Recipe,
  known: Readonly<Record<string, Place>>,
): Extract<Step, { do: "provenance" }>["files"] =>
  ["vmlinuz", "initrd.img", ...modulesOf(recipe).map(({ file }) => file)].map((file) => {
    const digests = known[`live/${file}`];
    return { name: `/live/${file}`, file: tree(`live/${file}`), ...(digests === undefined ? {} : { digests }) };
  });

/** live-boot takes only loop devices that are there, and Linux makes eight: one a module, and some for who uses them later. */
const loopDevices = (recipe: Recipe): string => `options loop max_loop=${String(modulesOf(recipe).length + 8)}\n`;

/** initramfs-tools' init reads what lies in conf/conf.d before it mounts anything; mount(8) then takes all options at once. */
const longChain = (recipe: Recipe): readonly Step[] =>
  lowerOption(modulesOf(recipe).map(({ file }) => file)).length <= longestValue
    ? []
    : [{ do: "write", text: "export LIBMOUNT_FORCE_MOUNT2=always\n", to: scratch("own/conf/conf.d/long-chain") }];
