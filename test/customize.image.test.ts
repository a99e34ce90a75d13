import { chmod, readFile, readdir, stat, utimes } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { beforeAll, describe, expect, test } from "vitest";
import { livewright, testCache } from "./livewright.ts";
import { builtLayer, mounts, processesWith, recipeFolder } from "./workshop.ts";

const recipe = (hook: string, more = ""): Record<string, string> => ({
  "recipe.yaml": `name: probe\nextends: minimal\nlayers:\n  - name: probe\n    packages: [task-english, dictionaries-common]\n    hooks: [hooks/probe]\n    files: overlay/\n${more}`,
  "hooks/probe": hook,
  "overlay/etc/laid-over": "by the recipe\n",
  "overlay/etc/laid-long-ago": "by the recipe\n",
});

const probe = `#!/bin/sh
set -u
out=$1/var/lib/probe
mkdir -p "$out"
echo "$#" > "$out/count"
echo "$1" > "$out/argument"
test -d "$1/etc" && echo yes > "$out/is-root"
test -e "$1/proc/1/status" && test -e "$1/dev/null" && test -d "$1/sys/kernel" && echo yes > "$out/kernel-filesystems"
cat "$1"/etc/apt/sources.list.d/* > "$out/sources"
env | cut -d= -f1 | sort > "$out/environment"
hostname > "$out/hostname"
cat /proc/net/dev > "$out/interfaces"
cat "$1/usr/sbin/policy-rc.d" > "$out/policy"
readlink -f /bin/sh > "$out/tools-of-the-host"
# The kernel refuses to bring a pipe to the disk: who is not refused was not heard.
{ dd if=/dev/null conv=fsync status=none && echo unheard >&2; } 2> "$out/sync" | cat
setsid sleep 4250 &
{ touch /etc/escaped; touch /root/escaped; mknod /tmp/disk b 254 0; date -s 1999-01-01; mount -t tmpfs none /srv
  echo 1 > /proc/sys/kernel/sysrq; reboot -f; modprobe loop; mount -o remount,rw /; ip link set lo down; } > "$out/attacks" 2>&1
echo tidy
`;

const before = `#!/bin/sh
set -eu
mkdir -p "$1/var/lib/probe"
test -e "$1/usr/share/doc/dictionaries-common" || echo absent > "$1/var/lib/probe/dictionaries-before"
echo 'probe probe/question string answered' | chroot "$1" debconf-set-selections
`;

describe("a layer with packages, files and hooks", () => {
  let made: Awaited<ReturnType<typeof builtLayer>>;
  let mountedBefore = "";
  beforeAll(async () => {
    const files = { ...recipe(probe, "    pre-hooks: [hooks/before]\n"), "hooks/before": before };
    await using folder = await recipeFolder(files);
    await chmod(join(folder.path, "overlay/etc/laid-long-ago"), 0o6711);
    await chmod(join(folder.path, "overlay/etc"), 0o2770);
    await utimes(join(folder.path, "overlay/etc/laid-long-ago"), 1e9, 1e9);
    mountedBefore = await mounts();
    made = await builtLayer(join(folder.path, "recipe.yaml"), "probe");
  });
  const probed = (name: string): Promise<string> => readFile(join(made.tree, "var/lib/probe", name), "utf8");

  test("gives the hook one argument, the root directory", async () => {
    expect([await probed("count"), await probed("argument"), await probed("is-root")]).toEqual([
      "1\n",
      "/mnt/root\n",
      "yes\n",
    ]);
  });

  test("runs the hook outside the root, with the host's tools and proc, sys and dev mounted in the root", async () => {
    expect(await probed("kernel-filesystems")).toBe("yes\n");
    expect(await probed("tools-of-the-host")).not.toBe("");
  });

  test("shows the hook the build mirror's sources and keeps the image's own, byte for byte", async () => {
    const image = await readFile(join(made.below, "etc/apt/sources.list.d/debian.sources"), "utf8");
    expect(image).toContain("httpredir.debian.org");
    expect(await probed("sources")).not.toContain("httpredir.debian.org");
    await expect(stat(join(made.tree, "etc/apt/sources.list.d"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("has no network, neither for packages nor for the hook", async () => {
    const names = [...(await probed("interfaces")).matchAll(/^ *([^ :|]+):/gm)].map(([, name]) => name);
    expect(names).toEqual(["lo"]);
  });

  test("runs its pre-hooks before anything is installed, so that they can answer debconf's questions", async () => {
    expect(await probed("dictionaries-before")).toBe("absent\n");
    expect(await readFile(join(made.tree, "var/cache/debconf/config.dat"), "utf8")).toContain("Value: answered");
  });

  test("blocks services while it works and leaves no trace of that", async () => {
    expect(await probed("policy")).toContain("exit 101");
    await expect(stat(join(made.tree, "usr/sbin/policy-rc.d"))).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("gives the hook the recipe's host name and a short environment", async () => {
    expect(await probed("hostname")).toBe("debian\n");
    const allowed = new Set(
      "DEBCONF_NONINTERACTIVE_SEEN DEBIAN_FRONTEND HOME LC_ALL LIVEWRIGHT_FILES LIVEWRIGHT_PACKAGES LIVEWRIGHT_TASKS OLDPWD PATH PWD SHLVL SOURCE_DATE_EPOCH TMPDIR TZ _ http_proxy https_proxy no_proxy".split(
        " ",
      ),
    );
    const seen = (await probed("environment")).trim().split("\n");
    expect(seen.filter((name) => !allowed.has(name))).toEqual([]);
  });

  test("lets nobody wait for the disk", async () => {
    expect(await probed("sync")).toBe("unheard\n");
  });

  test("lets nothing the hook tries reach the host", async () => {
    const attacks = await probed("attacks");
    expect(
      attacks.match(/Read-only file system|Operation not permitted|permission denied|not permitted/gi)?.length,
    ).toBeGreaterThanOrEqual(6);
    for (const path of ["/etc/escaped", "/root/escaped"])
      await expect(stat(path)).rejects.toMatchObject({ code: "ENOENT" });
    expect(new Date().getFullYear()).toBeGreaterThan(2000);
  });

  test("ends what the hook left running", async () => {
    expect(await processesWith("sleep 4250")).toEqual([]);
  });

  test("mounts nothing that outlives it", async () => {
    expect(await mounts()).toBe(mountedBefore);
  });

  test("installs tasks and packages with Recommends, asking nothing", async () => {
    const status = await readFile(join(made.tree, "var/lib/dpkg/status"), "utf8");
    const installed = (name: string): boolean =>
      new RegExp(`^Package: ${name}\\nStatus: install ok installed$`, "m").test(status);
    expect(["task-english", "dictionaries-common", "util-linux-locales"].map(installed)).toEqual([true, true, true]);
    // The last is there only because the task recommends it.
    const stanza = status.split("\n\n").find((each) => each.startsWith("Package: task-english\n"));
    expect(/^Recommends: (.+)$/m.exec(stanza ?? "")?.[1]).toContain("util-linux-locales");
  });

  test("logs every package's steps and no progress bar", () => {
    expect(made.log).toMatch(/layer-probe: Unpacking task-english/);
    expect(made.log).toMatch(/layer-probe: Setting up task-english/);
    expect(made.log).not.toContain("\r");
    expect(made.log).not.toMatch(/Progress: \[|unable to resolve host/);
  });

  test("lays the recipe's files over the root, owned by root", async () => {
    const { uid, gid, mode } = await stat(join(made.tree, "etc/laid-over"));
    expect([uid, gid, mode & 0o777]).toEqual([0, 0, 0o644]);
  });

  test("lays nothing of the checkout's times and modes over the root but who may execute a file", async () => {
    const [now, then] = await Promise.all(
      ["laid-over", "laid-long-ago"].map((name) => stat(join(made.tree, "etc", name))),
    );
    expect(then!.mtimeMs).toBe(now!.mtimeMs);
    expect(then!.mode & 0o7777).toBe(0o755);
    expect((await stat(join(made.tree, "etc"))).mode & 0o7777).toBe(0o755);
  });

  test("keeps no lists, logs, caches or resolver of the build", async () => {
    for (const folder of ["var/lib/apt/lists", "var/cache/apt/archives"])
      expect(
        (await readdir(join(made.tree, folder)).catch(() => [])).filter(
          (name) => name.endsWith(".deb") || name.includes("Packages"),
        ),
      ).toEqual([]);
    await expect(stat(join(made.tree, "etc/resolv.conf"))).rejects.toMatchObject({ code: "ENOENT" });
    const logs = await readdir(join(made.tree, "var/log"), { recursive: true }).catch(() => []);
    for (const log of logs) {
      const seen = await stat(join(made.tree, "var/log", log));
      if (seen.isFile()) expect([log, seen.size]).toEqual([log, 0]);
    }
  });
});

test("a hook that fails is named with its status, and nothing of it stays", async () => {
  const before = await mounts();
  await using folder = await recipeFolder(recipe("#!/bin/sh\necho the hook gives up\nexit 7\n"));
  await expect(builtLayer(join(folder.path, "recipe.yaml"), "probe")).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringMatching(
      /layer-probe: .*status 7[\s\S]*running hook probe[\s\S]*the hook gives up/,
    ) as string,
  });
  expect(await mounts()).toBe(before);
  expect((await readdir(join(testCache, "drafts"))).filter((name) => !name.startsWith("visit"))).toEqual([]);
});

test("a package that does not exist is named before anything is installed", async () => {
  await using folder = await recipeFolder({
    "recipe.yaml": "name: probe\nextends: minimal\nlayers:\n  - {name: probe, packages: [no-such-package-4711]}\n",
  });
  await expect(builtLayer(join(folder.path, "recipe.yaml"), "probe")).rejects.toMatchObject({
    message: expect.stringContaining("Unable to locate package no-such-package-4711") as string,
  });
});

test("a hook that deletes everything costs its layer's draft and nothing else", async () => {
  await using folder = await recipeFolder(recipe(`#!/bin/sh\nrm -rf --no-preserve-root / 2>/dev/null\ntrue\n`));
  await expect(builtLayer(join(folder.path, "recipe.yaml"), "probe")).rejects.toMatchObject({
    message: expect.stringContaining("has lost /usr/bin/sh") as string,
  });
  expect((await readdir("/usr/bin")).length).toBeGreaterThan(100);
  expect(await readdir(join(folder.path, "hooks"))).toEqual(["probe"]);
});

describe.each(["SIGINT", "SIGTERM", "SIGHUP", "SIGKILL"] as const)("stopped by %s in a hook", (signal) => {
  test("the program leaves no process, mount or draft that the next run trips over", async () => {
    const nap = { SIGINT: 4251, SIGTERM: 4252, SIGHUP: 4253, SIGKILL: 4254 }[signal];
    const before = await mounts();
    await using folder = await recipeFolder(recipe(`#!/bin/sh\nsetsid sleep ${String(nap)} & sleep ${String(nap)}\n`));
    const words = ["build", join(folder.path, "recipe.yaml"), "--cache", testCache, "-o", join(folder.path, "out")];
    const running = livewright(words, {
      stopWhen: () => processesWith(`sleep ${String(nap)}`).then(({ length }) => length >= 2),
      stopWith: signal,
    });
    const { status, signal: died, stderr } = await running;
    expect(signal === "SIGKILL" ? died : status).toBe(
      { SIGINT: 130, SIGTERM: 143, SIGHUP: 129, SIGKILL: "SIGKILL" }[signal],
    );
    expect(stderr).not.toMatch(/ at .*\.js:\d+/);
    await sleep(500);
    expect(await processesWith(`sleep ${String(nap)}`)).toEqual([]);
    expect(await mounts()).toBe(before);
    await expect(readdir(join(folder.path, "out"))).rejects.toMatchObject({ code: "ENOENT" });
  });
});
