import { from, output, scratch, type Place } from "../../command.ts";
import { longestValue, lowerOption } from "../../recipe/modules.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { modulesOf } from "../stages/squashfs.ts";
import type { Facts } from "../facts.ts";
import type { Stage, Step } from "../stage.ts";
import type { Identity } from "./identity.ts";
import { packed } from "./laying.ts";

/** What live-boot is started with, on every medium. */
export const liveInitrd: Place = from("initrd", "initrd.img");

/** The digests of that. */
export const initrdDigests: Place = from("initrd", "digests");

/**
 * The initramfs, and after it a small cpio of what only this build's media have in theirs. It needs nothing of the modules, so
 * it is made beside them.
 */
export const initrd = (recipe: Recipe, { uuid }: Identity, facts: Facts): Stage => ({
  name: "initrd",
  revision: 1,
  bytes: 50e6,
  steps: [
    // live-boot mounts only a medium whose .disk/live-uuid is that of its initramfs: with two sticks it takes its own.
    { do: "write", text: `${uuid}\n`, to: scratch("own/conf/uuid.conf") },
    { do: "write", text: loopDevices(recipe), to: scratch("own/etc/modprobe.d/live-modules.conf") },
    ...longChain(recipe),
    packed("own", scratch("own.cpio"), facts, recipe),
    { do: "concatenate", files: [from("initramfs", "initrd.img"), scratch("own.cpio")], to: output("initrd.img") },
    { do: "digest", file: output("initrd.img"), to: output("digests") },
  ],
});

/** live-boot takes only loop devices that are there, and Linux makes eight: one a module, and some for who uses them later. */
const loopDevices = (recipe: Recipe): string => `options loop max_loop=${String(modulesOf(recipe).length + 8)}\n`;

/** initramfs-tools' init reads what lies in conf/conf.d before it mounts anything; mount(8) then takes all options at once. */
const longChain = (recipe: Recipe): readonly Step[] =>
  lowerOption(modulesOf(recipe).map(({ file }) => file)).length <= longestValue
    ? []
    : [{ do: "write", text: "export LIBMOUNT_FORCE_MOUNT2=always\n", to: scratch("own/conf/conf.d/long-chain") }];
