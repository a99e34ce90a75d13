import { execFileSync } from "node:child_process";
import {
  chmodSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmSync,
  symlinkSync,
  truncateSync,
  utimesSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { source } from "../../src/command.ts";
import { digestOf, digestSources } from "../../src/survey/digest.ts";
import { hookCommits } from "../../src/survey/hooks.ts";
import { mainCandidates, securityCandidates } from "../../src/survey/mirrors.ts";
import { toolVersions } from "../../src/survey/versions.ts";
import { fileState } from "../../src/system/host.ts";
import { Memory } from "../../src/system/memory.ts";
import { configuredReleases } from "../../src/tools/apt.ts";
import { afterEach } from "vitest";

const { signal } = new AbortController();
const memory = new Memory();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "livewright-facts-"));
  mkdirSync(join(folder, "overlay/etc"), { recursive: true });
  writeFileSync(join(folder, "overlay/etc/motd"), "welcome\n");
  symlinkSync("motd", join(folder, "overlay/etc/issue"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

describe("the digest of a folder", () => {
  const changes: Readonly<Record<string, () => void>> = {
    "a byte of a file": () => writeFileSync(join(folder, "overlay/etc/motd"), "Welcome\n"),
    "whether a file may be executed": () => chmodSync(join(folder, "overlay/etc/motd"), 0o755),
    "where a link points": () => {
      rmSync(join(folder, "overlay/etc/issue"));
      symlinkSync("./motd", join(folder, "overlay/etc/issue"));
    },
    "a link's becoming a file": () => {
      rmSync(join(folder, "overlay/etc/issue"));
      writeFileSync(join(folder, "overlay/etc/issue"), "motd");
    },
    "a new empty folder": () => mkdirSync(join(folder, "overlay/srv")),
    "a name": () => execFileSync("mv", [join(folder, "overlay/etc/motd"), join(folder, "overlay/etc/mot")]),
  };

  test.each(Object.entries(changes))("changes with %s", async (_, change) => {
    const before = await digestOf(join(folder, "overlay"), signal);
    change();
    expect(await digestOf(join(folder, "overlay"), signal)).not.toBe(before);
  });

  test("is the same for another copy with other times, owners' rights and place", async () => {
    const copy = join(folder, "copy");
    execFileSync("cp", ["-R", "-P", join(folder, "overlay"), copy]);
    utimesSync(join(copy, "etc/motd"), 1, 1);
    chmodSync(join(copy, "etc/motd"), 0o600);
    expect(await digestOf(copy, signal)).toBe(await digestOf(join(folder, "overlay"), signal));
  });

  test("is taken of names that are not text, too", async () => {
    const name = Buffer.concat([Buffer.from(`${folder}/overlay/`), Buffer.from([0xff, 0xfe])]);
    writeFileSync(name, "x");
    const before = await digestOf(join(folder, "overlay"), signal);
    writeFileSync(name, "y");
    expect(await digestOf(join(folder, "overlay"), signal)).not.toBe(before);
  });
});

test("sources that are missing or unfit are all told at once", async () => {
  execFileSync("mkfifo", [join(folder, "pipe")]);
  const places = ["overlay", "nowhere", "overlay/etc/motd/x", "pipe"].map((path) => source("recipe", path));
  await expect(digestSources(places, { recipe: folder }, signal)).rejects.toMatchObject({
    code: "recipe-invalid",
    message: expect.stringMatching(
      /^nowhere is named.*not exist\noverlay\/etc\/motd\/x is named.*not exist\n.*pipe is neither a file/,
    ),
  });
});

test("tools are known by their Debian packages, and one that no package brought by its own digest", async () => {
  const own = join(folder, "owntool");
  writeFileSync(own, "#!/bin/sh\n", { mode: 0o755 });
  const versions = await toolVersions(["tar", "mkfs.vfat", own], { signal, memory });
  const installed = execFileSync("dpkg-query", ["-W", "-f", "${Version}", "tar"], { encoding: "utf8" });
  expect(versions).toEqual({
    tar: `tar ${installed}`,
    "mkfs.vfat": expect.stringMatching(/^dosfstools \d/),
    [own]: expect.stringMatching(/^sha256 [0-9a-f]{64}$/),
  });
});

test("tools that are missing are all told at once", async () => {
  await expect(toolVersions(["tar", "nosuchtool", "nosuchothertool"], { signal, memory })).rejects.toMatchObject({
    code: "host-unready",
    message: expect.stringContaining("nosuchothertool, nosuchtool"),
  });
});

test("a hook's commit is recorded, and whether it was changed since", async () => {
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", ...words], {
      encoding: "utf8",
    });
  const hooks = ["clean", "changed", "new"].map((name) => source("recipe", name));
  const commits = () => hookCommits(hooks, { recipe: folder }, { signal, memory });
  for (const name of ["clean", "changed"]) writeFileSync(join(folder, name), "#!/bin/sh\n");
  expect(await commits()).toEqual({});
  git("init", "--quiet");
  git("add", "clean", "changed");
  git("commit", "--quiet", "-m", "hooks");
  writeFileSync(join(folder, "changed"), "#!/bin/sh\ntrue\n");
  writeFileSync(join(folder, "new"), "#!/bin/sh\n");
  const commit = git("rev-parse", "HEAD").trim();
  expect(await commits()).toEqual({
    "recipe:clean": { commit, dirty: false },
    "recipe:changed": { commit, dirty: true },
    "recipe:new": { commit: "uncommitted", dirty: true },
  });
});

test("a hook's commit is the same to a program that remembers, whatever was committed meanwhile", async () => {
  const git = (...words: readonly string[]): string =>
    execFileSync("git", ["-C", folder, "-c", "user.name=a", "-c", "user.email=a@example.org", ...words], {
      encoding: "utf8",
    });
  const hooks = ["one", "two", "*"].map((name) => source("recipe", name));
  const host = { signal, memory: new Memory(join(folder, "cache")) };
  git("init", "--quiet");
  writeFileSync(join(folder, ".gitignore"), "cache\n");
  for (const name of ["one", "two", "*"]) {
    writeFileSync(join(folder, name), name);
    git("add", "--all");
    git("commit", "--quiet", "-m", name);
    for (let times = 0; times < 2; times++)
      expect(await hookCommits(hooks, { recipe: folder }, host)).toEqual(
        await hookCommits(hooks, { recipe: folder }, { signal, memory }),
      );
  }
  writeFileSync(join(folder, "one"), "other");
  const { "recipe:one": one, "recipe:*": star } = await hookCommits(hooks, { recipe: folder }, host);
  expect(one).toEqual({ commit: git("rev-parse", "HEAD~2").trim(), dirty: true });
  expect(star).toEqual({ commit: git("rev-parse", "HEAD").trim(), dirty: false });
});

describe("what is remembered", () => {
  test("is asked once, and again when the question is another or the answer was cut off", async () => {
    const known = new Memory(join(folder, "cache"));
    let asked = 0;
    const ask = () => Promise.resolve(`answer ${String(++asked)}`);
    expect([await known.recall(["a"], ask), await known.recall(["a"], ask)]).toEqual(["answer 1", "answer 1"]);
    expect(await known.recall(["b"], ask)).toBe("answer 2");
    for (const name of readdirSync(join(folder, "cache/answers")))
      truncateSync(join(folder, "cache/answers", name), 10);
    expect(await known.recall(["a"], ask)).toBe("answer 3");
  });

  test("is nothing when there was no answer, or a stop or a fault before it", async () => {
    const known = new Memory(join(folder, "cache"));
    expect(await known.recall(["a"], () => Promise.resolve(undefined))).toBe(undefined);
    await expect(known.recall(["a"], () => Promise.reject(new Error("stopped")))).rejects.toThrow("stopped");
    expect(await known.recall(["a"], () => Promise.resolve("now"))).toBe("now");
  });

  test("is nothing in a cache that cannot be one, which those tell who need it", async () => {
    writeFileSync(join(folder, "file"), "");
    const known = new Memory(join(folder, "file"));
    expect(await known.recall(["a"], () => Promise.resolve("now"))).toBe("now");
  });

  test("hangs on every state of a file, even one of the same size and time", () => {
    const file = join(folder, "overlay/etc/motd");
    const before = fileState(file);
    writeFileSync(file, "WELCOME\n");
    utimesSync(file, 1, 1);
    const after = fileState(file);
    expect(after).not.toEqual(before);
    chmodSync(file, 0o600);
    expect(fileState(file)).not.toEqual(after);
    expect(fileState(join(folder, "nowhere"))).toBe(undefined);
  });
});

test("asking git runs nothing that the repository configures", async () => {
  execFileSync("git", ["-C", folder, "init", "--quiet"]);
  const trap = join(folder, "trap");
  writeFileSync(trap, `#!/bin/sh\ntouch ${folder}/sprung\n`, { mode: 0o755 });
  execFileSync("git", ["-C", folder, "config", "core.fsmonitor", trap]);
  writeFileSync(join(folder, "hook"), "#!/bin/sh\n");
  await hookCommits([source("recipe", "hook")], { recipe: folder }, { signal, memory });
  expect(execFileSync("ls", [folder], { encoding: "utf8" })).not.toContain("sprung");
});

describe("the host's mirrors", () => {
  const line = (base: string, suite: string): string => `'${base}/dists/${suite}/InRelease' some_name_InRelease 0 \n`;
  const configured = configuredReleases(
    [
      line("https://download.example.com/linux/debian", "bookworm"),
      line("http://near.example.org/debian", "bookworm"),
      line("http://near.example.org/debian", "bookworm-updates"),
      line("http://near.example.org/debian/", "trixie"),
      line("http://far.example.org/debian", "trixie"),
      line("http://sec.example.org/debian-security", "bookworm-security"),
      line("cdrom:[Debian]", "bookworm"),
      "'http://flat.example.org/repo/./InRelease' flat_InRelease 0 \n",
      "'http://near.example.org/debian/dists/bookworm/main/binary-amd64/Packages.xz' near_Packages 0 \n",
    ].join(""),
  );

  test("for a suite that the host reads are those configured for it, then the others", () => {
    expect(mainCandidates(configured, "trixie")).toEqual([
      "http://near.example.org/debian",
      "http://far.example.org/debian",
      "https://download.example.com/linux/debian",
    ]);
  });

  test("for a suite that the host does not read are those of its other suites", () => {
    expect(mainCandidates(configured, "sid")[0]).toBe("https://download.example.com/linux/debian");
    expect(mainCandidates(configured, "sid")).toHaveLength(3);
  });

  test("for security are the security archive's", () => {
    expect(securityCandidates(configured)).toEqual(["http://sec.example.org/debian-security"]);
  });
});
