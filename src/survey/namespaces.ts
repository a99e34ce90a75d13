import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { userInfo } from "node:os";
import { dirname, join } from "node:path";
import { Failure } from "../failure.ts";
import { exists, findTool, isRoot } from "../system/host.ts";
import { everyOwner, ownerMapping } from "../system/owners.ts";
import { run } from "../system/process.ts";
import { ownMounts, ownUsers } from "../tools/unshare.ts";
import type { Finding } from "./doctor.ts";

/** Whether steps on a root filesystem can have what they need: many owners, and mounts of their own. */
export async function namespaces(cache: string | undefined, signal: AbortSignal): Promise<readonly Finding[]> {
  const owners = isRoot() ? [] : [helpers(), ...(await Promise.all([...["uid", "gid"].map(range), allowed(signal)]))];
  return [...owners, await overlays(cache, owners, signal)];
}

const why = "gives files the owners they will have, without root";

/** newuidmap and newgidmap, with which the kernel lets an ordinary user have more ids than their own. */
function helpers(): Finding {
  const found = ["newuidmap", "newgidmap"].map(findTool);
  const state = found.includes(undefined) ? "missing" : "ok";
  return { need: "newuidmap", state, optional: false, why, package: "uidmap" };
}

/** As many as Debian's own ids and those of dynamic users take. */
const count = 65_536;

async function range(kind: string): Promise<Finding> {
  const file = `/etc/sub${kind}`;
  const { username, uid } = userInfo();
  const { most, free } = subordinates(exists(file) ? await readFile(file, "utf8") : "", [username, String(uid)]);
  return {
    need: `subordinate ids in ${file}`,
    state: most >= count ? "ok" : most > 0 ? "unfit" : "missing",
    optional: false,
    why,
    found: String(most),
    wanted: `at least ${String(count)}`,
    remedy: `sudo usermod --add-sub${kind}s ${String(free)}-${String(free + count - 1)} ${username}`,
  };
}

/** The longest range that somebody of these names has, and the first id that nobody has. Lines are name or id, first, count (subuid(5)). */
export function subordinates(text: string, names: readonly string[]): { readonly most: number; readonly free: number } {
  const ranges = text.split("\n").flatMap((line) => {
    const [, who = "", first, size] = /^([^:]+):(\d+):(\d+)$/.exec(line.trim()) ?? [];
    return who === "" ? [] : [{ who, size: Number(size), end: Number(first) + Number(size) }];
  });
  return {
    most: Math.max(0, ...ranges.filter(({ who }) => names.includes(who)).map(({ size }) => size)),
    free: Math.max(100_000, ...ranges.map(({ end }) => end)),
  };
}

/** Switches of the kernel, each with the value that forbids user namespaces and the one that does not. */
const switches = [
  ["kernel.unprivileged_userns_clone", "0", "1"],
  ["kernel.apparmor_restrict_unprivileged_userns", "1", "0"],
  ["user.max_user_namespaces", "0", "15000"],
] as const;

/** A switch says why; whether it is so is found out by trying: AppArmor may make an exception for us. */
async function allowed(signal: AbortSignal): Promise<Finding> {
  const said = { need: "user namespaces", optional: false, why } as const;
  if (findTool("unshare") === undefined) return { ...said, state: "ok", found: "not tried without unshare" };
  if (await enters(signal)) return { ...said, state: "ok" };
  for (const [name, bad, good] of switches) {
    const file = `/proc/sys/${name.replaceAll(".", "/")}`;
    if (!exists(file) || (await readFile(file, "utf8")).trim() !== bad) continue;
    return { ...said, state: "unfit", found: `${name} is ${bad}`, remedy: `sudo sysctl ${name}=${good}` };
  }
  return { ...said, state: "unfit", found: "refused", remedy: "a container may forbid them; run it as root" };
}

async function enters(signal: AbortSignal): Promise<boolean> {
  try {
    await run({ tool: "unshare", args: ["--user", "--map-root-user", "--mount", "true"], signal });
    return true;
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    return false; // Which the caller explains.
  }
}

/**
 * The proof is the thing itself: namespaces as the sandbox makes them, and in them an overlay whose upper directory lies
 * where the cache is, and a program that starts from there. Containers may forbid the one, an overlay cannot lie on another
 * overlay, and a disk can be mounted so that nothing on it may run.
 */
async function overlays(cache: string | undefined, owners: readonly Finding[], signal: AbortSignal): Promise<Finding> {
  const said = {
    need: "overlay in namespaces",
    optional: false,
    why: "stacks layers without touching this host",
  } as const;
  if (owners.some(({ state }) => state !== "ok"))
    return { ...said, state: "ok", found: "not tried without many owners" };
  if (findTool("unshare") === undefined) return { ...said, state: "ok", found: "not tried without unshare" };
  await using folder = await trial(cache);
  const words: string[] = [];
  try {
    await Promise.all(["lower", "upper", "work", "top"].map((name) => mkdir(join(folder.path, name))));
    await writeFile(join(folder.path, "lower/program"), "#!/bin/sh\n", { mode: 0o755 });
    const marks = isRoot() && (await ownerMapping()) === everyOwner ? "" : ",userxattr";
    const args = [
      ...(isRoot() ? [] : [...ownUsers, "--", "unshare"]),
      ...ownMounts,
      "--net",
      "sh",
      "-ec",
      proof,
      marks,
    ];
    await run({ tool: "unshare", args, cwd: folder.path, signal, onLine: (line) => words.push(line) });
    return { ...said, state: "ok" };
  } catch (error) {
    signal.throwIfAborted();
    if (!(error instanceof Failure)) throw error;
    const remedy =
      "needs leave to make namespaces, Linux 5.10 or newer with overlayfs, and a cache on a disk that is no overlay itself and lets programs run (--cache)";
    return { ...said, state: "unfit", found: words[0] ?? "refused", remedy };
  }
}

/** Words for sh, which finds the overlay's marks in $0. */
const proof =
  'mount -t overlay -o "lowerdir=lower,upperdir=upper,workdir=work,volatile$0" overlay top && lower/program';

async function trial(cache: string | undefined): Promise<AsyncDisposable & { readonly path: string }> {
  const path = await mkdtemp(join(nearest(cache ?? "/var/tmp"), ".livewright-"));
  const remove = async (): Promise<void> => {
    // Folders that nobody may enter: the overlay's own in its work directory, and the mark there that it need not be synced.
    for (const closed of ["work/work", "work/work/incompat", "work/work/incompat/volatile"].map((name) =>
      join(path, name),
    ))
      if (exists(closed)) await chmod(closed, 0o700);
    await rm(path, { recursive: true, force: true });
  };
  return { path, [Symbol.asyncDispose]: remove };
}

/** The folder itself, or the one above it that is there. */
export const nearest = (folder: string): string => (exists(folder) ? folder : nearest(dirname(folder)));
