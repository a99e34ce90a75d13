import { output, scratch, type Place } from "../../command.ts";
import { hook } from "../../tools/hook.ts";
import type { Recipe } from "../../recipe/recipe.ts";
import { offline } from "../packages.ts";
import type { Facts } from "../facts.ts";
import { run, type Step } from "../stage.ts";
import type { Identity } from "./identity.ts";

/** A path in the medium's tree, which the running stage makes. */
export const tree = (path = ""): Place => output(path === "" ? "tree" : `tree/${path}`);

export const write = (path: string, text: string): Step => ({ do: "write", text, to: tree(path) });

export const copy = (place: Place, path: string): Step => ({ do: "copy", from: place, to: tree(path) });

/** A folder beside the stage's output as a cpio archive, which the kernel takes as an initrd. */
export const packed = (folder: string, to: Place, { archive }: Facts, recipe: Recipe): Step =>
  run(hook("cpio", scratch(folder), { LIVEWRIGHT_OUT: to, LIVEWRIGHT_EPOCH: String(archive.epoch) }), {
    in: offline(recipe, []),
  });

/** A FAT image, `esp.img` in the stage's output, of a scratch folder: what UEFI firmware starts from a disk. */
export const fatImage = (folder: string, { uuid }: Identity, { archive }: Facts): Step =>
  run(
    hook("esp", scratch(folder), {
      LIVEWRIGHT_OUT: output("."),
      LIVEWRIGHT_ID: uuid.slice(0, 8),
      LIVEWRIGHT_EPOCH: String(archive.epoch),
    }),
    { in: { lowers: [], hostname: "livewright", network: false } },
  );
