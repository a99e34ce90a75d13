import type { Command } from "../command.ts";

type Spelled = { readonly tool: string; readonly args: readonly string[] };

/** Copy everything out of a FAT image into a folder, without mounting it (mcopy(1)). */
export const copyOut = (image: string, folder: string): Spelled =>
  ({ tool: "mcopy", args: ["-s", "-n", "-i", image, "::/*", folder] }) satisfies Command;

/** Check a FAT image and change nothing (fsck.vfat(8)); status 1 when something is wrong with it. */
export const checkFat = (image: string): Spelled =>
  ({ tool: "fsck.vfat", args: ["-n", "-v", image] }) satisfies Command;
