import { spawn, spawnSync } from "node:child_process";
import { existsSync, mkdirSync, openSync, readFileSync } from "node:fs";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { checkout, livewright } from "../livewright.ts";
import { ordinaryUser } from "../ordinary-user.ts";

const program = `${checkout}/dist/main.js`;

/** A shell line with the program as `$livewright`. */
const shell = (line: string) =>
  spawnSync("bash", ["-o", "pipefail", "-c", line], {
    encoding: "utf8",
    env: { ...process.env, livewright: `${process.execPath} ${program}` },
  });

test("a reader that leaves early ends nothing with a stack trace", () => {
  const { status, stderr, stdout } = shell("$livewright doctor --for develop --json | head -1");
  expect({ status, stderr, stdout }).toEqual({ status: 0, stderr: "", stdout: "{\n" });
});

test("a closed standard error ends nothing", () => {
  expect(shell("$livewright --version 2>&-")).toMatchObject({ status: 0, stderr: "" });
  expect(shell("$livewright biuld 2>&-").status).toBe(2);
});

test("closed standard input and output end nothing with a stack trace", () => {
  expect(shell("$livewright --version <&-")).toMatchObject({ status: 0, stderr: "" });
  expect(shell("$livewright --version >&-").stderr).not.toMatch(/\bat .*\.js/);
});

test("results that cannot be written are told, and the status says so", async () => {
  const full = openSync("/dev/full", "w");
  const child = spawn(process.execPath, [program, "--version"], { stdio: ["ignore", full, "pipe"] });
  let stderr = "";
  child.stderr!.on("data", (piece: Buffer) => (stderr += piece.toString()));
  const status = await new Promise((resolve) => child.on("close", resolve));
  expect(status).toBe(8);
  expect(stderr).toMatch(/^The results could not be written: ENOSPC/);
});

test("the program needs neither a home nor a terminal type", async () => {
  const { PATH } = process.env;
  expect(await livewright(["build", "--help"], { env: { PATH } })).toMatchObject({ status: 0, stderr: "" });
  expect(await livewright(["--version"], { env: { PATH, TERM: "dumb", HOME: "/nowhere" } })).toMatchObject({
    status: 0,
  });
});

test("what is written to no terminal has no colours and no cursor movements", async () => {
  for (const env of [
    { ...process.env, NO_COLOR: "1" },
    { ...process.env, CI: "1" },
    { ...process.env, FORCE_COLOR: "3" },
  ]) {
    const { stdout, stderr } = await livewright(["doctor", "--for", "build", "--progress", "tty"], { env });
    expect(stdout + stderr).not.toContain("\u001b");
  }
});

test.each([32, 48, 64, 127])("a host that lets %d files be opened is told that they are too few", (files) => {
  const { status, stderr } = shell(`ulimit -n ${files}; $livewright doctor --for build --json > /dev/null`);
  expect(status).toBe(3);
  expect(stderr).toContain("Too few files may be open at once on this host");
  expect(stderr).not.toMatch(/\bat .*\.js/);
});

test("a host that lets 128 files be opened is served", () => {
  expect(shell("ulimit -n 128; $livewright doctor --for build --json > /dev/null").status).toBe(0);
});

test("a folder that may not be written to is told with its path and what to do", () => {
  const init = "mount -t tmpfs -o ro tmpfs /mnt && $livewright init /mnt/recipe";
  const { status, stderr } = shell(`export livewright; unshare --mount sh -c '${init}'`);
  expect(status).toBe(3);
  expect(stderr).toContain("/mnt/recipe");
  expect(stderr).not.toMatch(/\bat .*\.js/);
});

test.each([
  { words: ["init", "shut/recipe"], remedy: "run it as root, or let this account in (chmod, chown)" },
  {
    words: ["cache", "ls", "--cache", "shut/cache"],
    remedy: "run it as root, or let this account in (chmod, chown), or name folders of your own with --cache",
  },
])("whom $words is not permitted is told of no option that it has not", async ({ words, remedy }) => {
  await using user = await ordinaryUser();
  mkdirSync(join(user.home, "shut"), { mode: 0o700 });
  const { status, stderr } = await user.livewright(words);
  expect([status, stderr]).toEqual([3, expect.stringContaining(`\nTry: ${remedy}\n`)]);
});

const signals = [
  ["SIGINT", 130, "stopped by Ctrl-C"],
  ["SIGTERM", 143, "stopped by a request to terminate"],
  ["SIGHUP", 129, "stopped because the terminal went away"],
] as const;

/** A host whose mmdebstrap never says its version, so that doctor waits for it. */
async function hangingHost(): Promise<{
  readonly env: NodeJS.ProcessEnv;
  readonly pid: () => number;
  readonly waits: () => Promise<boolean>;
  readonly folder: string;
}> {
  const folder = await mkdtemp(join(tmpdir(), "livewright-test-"));
  await writeFile(
    join(folder, "mmdebstrap"),
    `#!/bin/sh\ntrap '' TERM\necho $$ > ${folder}/pid\nwhile :; do sleep 0.1; done\n`,
    {
      mode: 0o755,
    },
  );
  const pid = (): number => Number(readFileSync(join(folder, "pid"), "utf8"));
  const waits = (): Promise<boolean> => Promise.resolve(existsSync(join(folder, "pid")));
  return { waits, env: { ...process.env, PATH: `${folder}:${process.env["PATH"] ?? ""}` }, pid, folder };
}

/** A process that ended and was not yet waited for does no more. */
function alive(pid: number): boolean {
  try {
    return !/^State:\tZ/m.test(readFileSync(`/proc/${String(pid)}/status`, "utf8"));
  } catch {
    return false;
  }
}

test.each(signals)("%s ends the work in order: status %i, a word, no tool left", async (signal, status, says) => {
  const { env, pid, waits, folder } = await hangingHost();
  const outcome = await livewright(["doctor", "--for", "build"], { env, stopWhen: waits, stopWith: signal });
  expect(outcome).toMatchObject({ status, signal: null, stdout: "", stderr: `${says}\n` });
  expect(outcome.seconds).toBeLessThan(4);
  expect(alive(pid())).toBe(false);
  await rm(folder, { recursive: true });
});

test("a killed program takes its tools with it", async () => {
  const { env, pid, waits, folder } = await hangingHost();
  const outcome = await livewright(["doctor", "--for", "build"], { env, stopWhen: waits, stopWith: "SIGKILL" });
  expect(outcome.signal).toBe("SIGKILL");
  await new Promise((resolve) => setTimeout(resolve, 100));
  expect(alive(pid())).toBe(false);
  await rm(folder, { recursive: true });
});
