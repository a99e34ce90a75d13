import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { examine, requireHost } from "../../src/survey/doctor.ts";
import { fileNeeds, isOlder, toolNeeds } from "../../src/survey/needs.ts";
import { findTool } from "../../src/system/host.ts";
import { livewright } from "../livewright.ts";

const { signal } = new AbortController();
let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "livewright-doctor-"));
});
afterEach(() => {
  rmSync(folder, { recursive: true });
});

/** Tools in sbin are looked for there whatever PATH says, so that leaving them out of PATH would hide nothing. */
const hidable = toolNeeds.filter(({ tool, optional }) => !existsSync(`/usr/sbin/${tool}`) && optional !== true);

/** A PATH on which all tools are but `missing`; a tool in `instead` is replaced by that script. */
function hostWithout(missing: readonly string[], instead: Readonly<Record<string, string>> = {}): NodeJS.ProcessEnv {
  for (const tool of ["node", "sh", "git", ...toolNeeds.map((need) => need.tool)]) {
    const path = findTool(tool);
    if (path !== undefined && !missing.includes(tool) && !(tool in instead) && !existsSync(join(folder, tool)))
      symlinkSync(path, join(folder, tool));
  }
  for (const [tool, script] of Object.entries(instead))
    writeFileSync(join(folder, tool), `#!/bin/sh\n${script}\n`, { mode: 0o755 });
  return { ...process.env, PATH: folder };
}

const every = ["doctor", "--for", "build,test,develop"];

test.each(hidable.map((need) => [need.tool, need] as const))(
  "a host without %s is told its Debian package and why it is needed",
  async (tool, need) => {
    const { status, stderr, seconds } = await livewright([...every.slice(0, 2), need.for[0]!], {
      env: hostWithout([tool]),
    });
    expect(status).toBe(3);
    const version = need.minimum === undefined ? "" : ` (at least ${need.minimum.version})`;
    expect(stderr).toContain(`${tool}${version} is missing: it ${need.why}; Debian package ${need.package}\n`);
    expect(stderr).toContain("\nTry: livewright doctor --install\n");
    expect(seconds).toBeLessThan(10);
  },
);

test("all that is missing is told at once", async () => {
  const missing = ["xorriso", "mmdebstrap", "mcopy"];
  const { status, stderr } = await livewright(["doctor", "--for", "build"], { env: hostWithout(missing) });
  expect(status).toBe(3);
  for (const tool of missing) expect(stderr).toMatch(new RegExp(`^  ${tool} .*is missing`, "m"));
});

test("a tool that is too old is told with its version and the one that would do", async () => {
  const env = hostWithout([], { mksquashfs: "echo 'mksquashfs version 4.4 (2019/08/29)'" });
  const { status, stderr } = await livewright(["doctor", "--for", "build"], { env });
  expect(status).toBe(3);
  expect(stderr).toContain(
    "mksquashfs (at least 4.5) is 4.4: it compresses the root filesystem; Debian package squashfs-tools",
  );
});

test("a tool that cannot say its version is not trusted", async () => {
  const env = hostWithout([], { xorriso: "exit 1" });
  const { status, stderr } = await livewright(["doctor", "--for", "build"], { env });
  expect(status).toBe(3);
  expect(stderr).toContain("xorriso (at least 1.5.2) will not do (it does not tell its version)");
});

test("--json prints every need and its state as one object", async () => {
  const { status, stdout } = await livewright(["doctor", "--for", "build", "--json"], {
    env: hostWithout(["cpio"]),
  });
  expect(status).toBe(3);
  const { ready, needs } = JSON.parse(stdout);
  expect(ready).toBe(false);
  expect(needs).toContainEqual(expect.objectContaining({ need: "cpio", state: "missing", package: "cpio" }));
  expect(needs).toContainEqual(
    expect.objectContaining({ need: "xorriso", state: "ok", found: expect.stringMatching(/^1\./) }),
  );
});

test("a missing optional tool is shown and is no obstacle", async () => {
  const env = { ...hostWithout([]), PATH: folder };
  rmSync(join(folder, "git"));
  const { status, stdout } = await livewright(["doctor", "--for", "build"], { env });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^absent +git /m);
});

test("--install says what it installs and why, asks apt-get without questions, and looks again", async () => {
  const log = join(folder, "log");
  const apt = `[ "$1" = --version ] && { echo "apt 2.6.1 (amd64)"; exit; }
echo "$DEBIAN_FRONTEND $*" >> ${log}
[ "$1" = install ] && printf '#!/bin/sh\\n' > ${folder}/cpio && /bin/chmod 755 ${folder}/cpio
exit 0`;
  const env = hostWithout(["cpio"], { "apt-get": apt });
  const { status, stdout, stderr } = await livewright(["doctor", "--for", "build", "--install"], { env });
  expect(stderr).toContain("installing cpio: cpio carries the preseed file into the installer's initrd\n");
  expect({ status, log: readFileSync(log, "utf8") }).toEqual({
    status: 0,
    log: expect.stringMatching(/^ update .*\nnoninteractive install --yes .* -- cpio\n$/),
  });
  expect(stdout).toMatch(/^ok +cpio /m);
});

test("--install that fails says which command to run by hand", async () => {
  const apt = `[ "$1" = --version ] && { echo "apt 2.6.1"; exit; }\n[ "$1" = update ] && exit 0\nexit 100`;
  const env = hostWithout(["cpio"], { "apt-get": apt });
  const { status, stderr } = await livewright(["doctor", "--for", "build", "--install"], { env });
  expect(status).toBe(3);
  expect(stderr).toMatch(/ended with status 100; its reasons are above\nTry: .*apt-get install cpio\n$/);
});

describe("this host", () => {
  test("is ready for the project's tests, or nothing below could run", async () => {
    await requireHost("develop", signal);
  });

  test("is looked at in about a second", async () => {
    const began = performance.now();
    await requireHost("build", signal, { cache: folder, output: folder });
    expect(performance.now() - began).toBeLessThan(5_000);
  });

  test("is ready no more, although it was before, when a tool is another or too little space is left", async () => {
    const cache = mkdtempSync(join(tmpdir(), "livewright-ready-"));
    const path = process.env["PATH"];
    try {
      await requireHost("build", signal, { cache });
      await requireHost("build", signal, { cache });
      process.env["PATH"] = hostWithout([], { mksquashfs: "echo mksquashfs version 4.4" })["PATH"];
      await expect(requireHost("build", signal, { cache })).rejects.toThrow("mksquashfs (at least 4.5) is 4.4");
      process.env["PATH"] = path;
      await requireHost("build", signal, { cache });
      await expect(requireHost("build", signal, { cache, output: "/proc" })).rejects.toThrow("space in /proc");
    } finally {
      process.env["PATH"] = path;
      rmSync(cache, { recursive: true });
    }
  });

  test("is left as it was", async () => {
    await examine(["build"], { cache: join(folder, "not/yet/there") }, signal);
    expect(readdirSync(folder)).toEqual([]);
  });
});

test("every need says what it is for in words that complete a sentence", () => {
  for (const { why, package: from } of [...toolNeeds, ...fileNeeds]) {
    expect(why).toMatch(/^[a-z]+s? [^.]+[^.]$/);
    expect(from).toMatch(/^[a-z0-9][a-z0-9+.-]+$/);
  }
});

test("versions are compared number by number", () => {
  expect(isOlder("4.5", "4.5.1")).toBe(true);
  expect(isOlder("4.10", "4.5.1")).toBe(false);
  expect(isOlder("4.5.1", "4.5.1")).toBe(false);
  expect(isOlder("10", "9.9")).toBe(false);
});
