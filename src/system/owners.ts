import { readFile } from "node:fs/promises";

/**
 * Which owners this process can tell apart, as the kernel maps them (user_namespaces(7)): a file of one mapping belongs
 * to somebody else in another.
 */
export async function ownerMapping(): Promise<string> {
  const maps = await Promise.all(["uid_map", "gid_map"].map((name) => readFile(`/proc/self/${name}`, "utf8")));
  return maps
    .map((map) =>
      map
        .trim()
        .replaceAll(/[ \t]+/g, " ")
        .replaceAll("\n", ",")
        .replaceAll(/(^|,) /g, "$1"),
    )
    .join("; ");
}

/** Every id stands for itself: outside of any user namespace. */
export const everyOwner = "0 0 4294967295; 0 0 4294967295";
