import { copyFile, readdir, readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { digestsOf } from "../src/system/digests.ts";
import { exists } from "../src/system/files.ts";
import { livewright } from "./livewright.ts";
import { ordinaryUser, type OrdinaryUser } from "./ordinary-user.ts";
import { builtIso, mounts } from "./workshop.ts";

describe("an ordinary user with a range of subordinate ids", () => {
  let user: OrdinaryUser;
  beforeAll(async () => {
    user = await ordinaryUser();
  });
  afterAll(async () => {
    await user[Symbol.asyncDispose]();
  });
  const folders = (): string[] => ["--cache", join(user.home, "cache"), "-o", join(user.home, "out")];

  test.each([
    ["SIGINT", 130, "stopped by Ctrl-C\n"],
    ["SIGTERM", 143, "stopped by a request to terminate\n"],
    ["SIGKILL", null, ""],
  ] as const)(
    "who stops a build with %s leaves no process, mount or half of a layer",
    async (stopWith, status, says) => {
      const before = await mounts();
      const bootstraps = async (): Promise<boolean> =>
        (await user.processes()).some((line) => line.includes("/usr/lib/apt/methods/"));
      const words = ["build", "minimal", ...folders(), "--progress", "quiet"];
      const done = await user.livewright(words, { stopWhen: bootstraps, stopWith });
      expect({ ...done, stderr: done.stderr.replace(/^warning: .*\n/gm, "") }).toMatchObject({ status, stderr: says });
      for (let tries = 0; (await user.processes()).length > 0 && tries < 30; tries++) await sleep(100);
      expect(await user.processes()).toEqual([]);
      expect(await mounts()).toBe(before);
      // Pictures need no archive, and may have been finished.
      const objects = join(user.home, "cache/objects");
      const made = (await exists(objects)) ? await readdir(objects) : [];
      const layers = await Promise.all(made.map((key) => exists(join(objects, key, "manifest"))));
      expect(layers).not.toContain(true);
    },
  );

  /** What root's build left beside its ISO, where the user may read it. */
  const rootsRecord = async (): Promise<string> => {
    const record = join(user.home, "minimal.build.json");
    await copyFile((await builtIso("minimal")).replace(/iso$/, "build.json"), record);
    return record;
  };

  test("who stops reproducing a build leaves no process, mount, or stage", async () => {
    const before = await mounts();
    const fetches = async (): Promise<boolean> =>
      (await user.processes()).some((line) => line.includes("/usr/lib/apt/methods/"));
    const words = ["reproduce", await rootsRecord(), ...folders(), "--progress", "quiet"];
    const done = await user.livewright(words, { stopWhen: fetches, stopWith: "SIGINT" });
    expect([done.status, done.stdout], done.stderr).toEqual([130, ""]);
    for (let tries = 0; (await user.processes()).length > 0 && tries < 30; tries++) await sleep(100);
    expect([await user.processes(), await readdir(join(user.home, "cache/drafts"))]).toEqual([[], []]);
    expect(await mounts()).toBe(before);
  });

  test("reproduces the bytes that root built, whatever the umask, time zone, language, cache, host name and number of cores", async () => {
    const given = "hostname elsewhere; taskset --cpu-list --pid 0 $$ > /dev/null";
    const words = ["reproduce", await rootsRecord(), ...folders(), "--progress", "plain"];
    const done = await user.livewright(words, { given });
    const roots = await builtIso("minimal");
    const [sha256 = ""] = await digestsOf(roots, ["sha256"]);
    const theirs = join(user.home, "out", basename(roots));
    expect([done.status, done.stdout], done.stderr).toEqual([
      0,
      expect.stringContaining(`${sha256}  ${basename(roots)}\n`),
    ]);
    for (const ending of ["packages", "contents", "build.json"])
      expect(await readFile(theirs.replace(/iso$/, ending), "utf8"), ending).toBe(
        await readFile(roots.replace(/iso$/, ending), "utf8"),
      );
    expect(await digestsOf(theirs, ["sha256"])).toEqual(await digestsOf(roots, ["sha256"]));
  });

  test("has a cache of their own, which root is told not to use", async () => {
    const done = await livewright(["build", "minimal", ...folders()]);
    expect(done.status).toBe(4);
    expect(done.stderr).toContain("owners of another mapping");
    expect(done.stderr).toContain("--cache");
  });

  test("opens a shell as root of the image", async () => {
    const words = ["shell", "minimal", "--cache", join(user.home, "cache"), "--progress", "quiet"];
    const done = await user.livewright(words, {
      input: "id -u; stat -c %u:%g /etc/shadow /var/cache/apt/archives/partial\n",
    });
    expect(done.status, done.stderr).toBe(0);
    expect(done.stdout).toBe("0\n0:42\n0:0\n");
  });
});

describe("before anything is fetched, a user is told", () => {
  const refused = async (user: OrdinaryUser, given: string): Promise<string> => {
    const words = ["build", "minimal", "--cache", join(user.home, "disk/cache"), "-o", join(user.home, "out")];
    const done = await user.livewright(words, { given: `install -d -m 1777 ${user.home}/disk\n${given}` });
    expect(done.status).toBe(3);
    expect(await exists(join(user.home, "disk/cache"))).toBe(false);
    return done.stderr;
  };

  test("how to get subordinate ids", async () => {
    await using user = await ordinaryUser("no range");
    const told = await refused(user, "");
    for (const kind of ["uid", "gid"])
      expect(told).toMatch(
        new RegExp(`/etc/sub${kind} .* is missing: .*; sudo usermod --add-sub${kind}s \\d+-\\d+ ${user.name}\n`),
      );
  });

  test.each([
    [
      "the package of newuidmap",
      "mount --bind /dev/null /usr/bin/newuidmap",
      /newuidmap is missing: .* package uidmap\n/,
    ],
    [
      "the switch that allows user namespaces",
      "echo 0 > /run/none; chmod 644 /run/none; mount --bind /run/none /proc/sys/user/max_user_namespaces; rm /run/none; mount --bind /bin/false /usr/bin/unshare",
      /user namespaces will not do .*; sudo sysctl user\.max_user_namespaces=15000\n/,
    ],
    [
      "that programs must be allowed to run where the cache is",
      'mount -t tmpfs -o noexec,mode=1777 tmpfs "$PWD/disk"',
      /overlay in namespaces will not do .*Permission denied.*--cache/,
    ],
  ])("%s", async (_, given, told) => {
    await using user = await ordinaryUser();
    expect(await refused(user, given)).toMatch(told);
  });
});
