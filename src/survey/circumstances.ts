import { stat } from "node:fs/promises";
import { isCode, readText } from "../system/files.ts";
import { fileState, toolState } from "../system/host.ts";
import { nearest } from "./namespaces.ts";
import { fileNeeds, toolNeeds, type Purpose } from "./needs.ts";
import type { Sites } from "./surroundings.ts";

/**
 * All that decides whether a host is ready but space and memory: the programs and files that the purposes need, the kernel
 * as it was started, what it lets this process do, the ids it may have, and where the cache lies.
 */
export async function circumstances(purposes: readonly Purpose[], { cache = "/var/tmp" }: Sites): Promise<unknown> {
  const wanted = (need: { readonly for: readonly Purpose[] }): boolean => need.for.some((it) => purposes.includes(it));
  const tools = [...always, ...toolNeeds.filter(wanted).map(({ tool }) => tool)];
  const files = [...idFiles, ...fileNeeds.filter(wanted).map(({ file }) => file)];
  const folder = nearest(cache);
  return [
    tools.map((tool) => [tool, toolState(tool)]),
    files.map((file) => [file, fileState(file)]),
    await Promise.all(kernel.map(async (file) => [file, await textOf(file)])),
    await permissions(),
    [folder, String((await stat(folder)).dev), process.geteuid?.()],
  ];
}

/** What namespaces are entered with, whatever else is asked. */
const always = ["unshare", "newuidmap", "newgidmap", "mount", "perl"];

const idFiles = ["/etc/subuid", "/etc/subgid", "/etc/passwd"];

/** Every mount with its options, who we are to the kernel, and its switches (user_namespaces(7), sysctl/kernel.txt). */
const kernel = [
  "/proc/sys/kernel/random/boot_id",
  "/proc/self/mountinfo",
  "/proc/self/uid_map",
  "/proc/self/gid_map",
  "/proc/self/attr/current",
  "/proc/sys/kernel/unprivileged_userns_clone",
  "/proc/sys/kernel/apparmor_restrict_unprivileged_userns",
  "/proc/sys/user/max_user_namespaces",
  "/proc/sys/user/max_mnt_namespaces",
];

/** A kernel that was built without a switch has no file for it; one without a security module has nothing to read. */
async function textOf(file: string): Promise<string | undefined> {
  try {
    return await readText(file);
  } catch (error) {
    if (["ENOENT", "EINVAL", "EACCES"].some((code) => isCode(error, code))) return undefined;
    throw error;
  }
}

/** Capabilities, seccomp(2) and the like; the rest of the file changes from moment to moment. */
const permissions = async (): Promise<readonly string[]> =>
  (await readText("/proc/self/status")).split("\n").filter((line) => /^(Cap|Seccomp|NoNewPrivs|Groups)/.test(line));
