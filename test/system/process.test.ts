import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, expect, test, vi } from "vitest";
import { accompany, capture, run } from "../../src/system/process.ts";

const { signal } = new AbortController();

afterEach(() => {
  vi.unstubAllEnvs();
});

test("a tool sees the time of nowhere, English, and nothing of ours but what is passed on", async () => {
  vi.stubEnv("http_proxy", "http://proxy.example:3128");
  vi.stubEnv("SECRET", "of ours");
  const printed = await capture({ tool: "env", args: [], env: { ITS: "own" }, signal });
  const names = printed.split("\n").map((line) => line.replace(/=.*/, ""));
  expect(printed).toMatch(/^TZ=UTC$/m);
  expect(printed).toMatch(/^LC_ALL=C\.UTF-8$/m);
  expect(names).toEqual(expect.arrayContaining(["ITS", "PATH", "http_proxy"]));
  expect(names).not.toContain("SECRET");
});

test("a tool reads what it is given: nothing, a text, or a file", async () => {
  const folder = mkdtempSync(join(tmpdir(), "process-"));
  const file = join(folder, "file");
  writeFileSync(file, "in a file");
  expect(await capture({ tool: "cat", args: [], signal })).toBe("");
  expect(await capture({ tool: "cat", args: [], input: "a text", signal })).toBe("a text");
  expect(await capture({ tool: "cat", args: [], inputFile: file, signal })).toBe("in a file");
  rmSync(folder, { recursive: true });
});

test("a tool that does not read its input to the end may end well", async () => {
  expect(await run({ tool: "true", args: [], input: "x".repeat(10_000_000), signal })).toBe(0);
});

test("what a companion prints and nobody reads does not hold it up", async () => {
  await using talker = accompany({ tool: "sh", args: ["-c", "yes | head -c 1000000 >&2; exit 7"], signal });
  expect((await talker.ended).status).toBe(7);
});

test("a failing tool is told with its status and its last lines", async () => {
  const failing = run({ tool: "sh", args: ["-c", "echo before; echo why >&2; exit 3"], signal });
  await expect(failing).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringMatching(/^sh exited with status 3\n[^]*why/) as string,
  });
});

test("a tool that was killed is told with the signal", async () => {
  const killed = run({ tool: "sh", args: ["-c", "kill -KILL $$"], signal });
  await expect(killed).rejects.toMatchObject({
    code: "step-failed",
    message: expect.stringMatching(/^sh was killed by SIGKILL/) as string,
  });
});

test("more arguments than the kernel takes fail like a tool", async () => {
  const failing = run({ tool: "true", args: Array.from({ length: 100 }, () => "x".repeat(100_000)), signal });
  await expect(failing).rejects.toMatchObject({ code: "step-failed" });
});

test.each(["no-such-tool", "/no/such/tool"])("%s is told to be missing, with what to do", async (tool) => {
  const missing = { code: "host-unready", message: `${tool} is needed and was not found` };
  await expect(run({ tool, args: [], signal })).rejects.toMatchObject(missing);
});

test("without setpriv no tool starts, and setpriv is told to be missing", async () => {
  vi.stubEnv("PATH", "/nowhere");
  const missing = { code: "host-unready", message: "setpriv is needed and was not found" };
  await expect(run({ tool: "true", args: [], signal })).rejects.toMatchObject(missing);
  await expect(capture({ tool: "true", args: [], signal })).rejects.toMatchObject(missing);
  expect(() => accompany({ tool: "true", args: [], signal })).toThrow("true is needed and was not found");
});

test("a stop ends a tool and its children, and is the reason", async () => {
  const stop = new AbortController();
  const running = run({
    tool: "sh",
    args: ["-c", "sleep 1000 & echo begun; wait"],
    signal: stop.signal,
    onLine: () => {
      stop.abort();
    },
  });
  await expect(running).rejects.toMatchObject({ code: "interrupted" });
});
