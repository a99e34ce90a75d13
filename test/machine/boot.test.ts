import { mkdtempSync, readFileSync, rmSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";
import { bootAndProve } from "../../src/machine/boot.ts";
import { fakeQemu, trial } from "./fake.ts";

test("a guest that computes the nonce's hash and answers every question is believed", async () => {
  using _ = fakeQemu("boots");
  const verdict = await bootAndProve(trial());
  // This host answers in the guest's place: what it is not, a live system with that user, is told finding by finding.
  expect(verdict.reached).toHaveProperty("answer");
  const passed = verdict.findings.filter((finding) => finding.passed).map(({ name }) => name);
  expect(passed).toContain("systemd has started everything");
  expect(passed).toContain("no unit has failed");
  expect(verdict.reason).toContain("not so: the kernel was given the entry's arguments");
  expect(verdict.passed).toBe(false);
});

test("the wanted entry is reached by counting lines, and the keys stop the countdown", async () => {
  using fake = fakeQemu("boots");
  await bootAndProve(trial());
  expect(fake.read("keys")).toMatch(/^(home( end)?( home)? ?)+ down ret$/);
});

test("a check that fails in the guest fails the boot, and its status is told", async () => {
  using _ = fakeQemu("boots");
  const verdict = await bootAndProve(trial({ checks: ["echo so and so; exit 3", "true"] }));
  expect(verdict.findings.find(({ name }) => name.startsWith("check: echo"))).toEqual({
    name: "check: echo so and so; exit 3",
    passed: false,
    detail: "exit status 3\nso and so",
  });
  expect(verdict.findings.find(({ name }) => name === "check: true")?.passed).toBe(true);
});

test("a console that only says what a guest would say is not believed", async () => {
  using _ = fakeQemu("parrots");
  const verdict = await bootAndProve(trial({ seconds: 6 }));
  expect(verdict).toMatchObject({ passed: false, reason: expect.stringContaining("not done within 6 s") as string });
});

test("a panic ends the boot at once, with the kernel's own words", async () => {
  using _ = fakeQemu("panics");
  const verdict = await bootAndProve(trial({ seconds: 60 }));
  expect(verdict.reason).toBe("the kernel panicked: VFS: Unable to mount root fs");
  expect(verdict.seconds).toBeLessThan(15);
});

test("a guest that restarts by itself has failed", async () => {
  using _ = fakeQemu("resets");
  expect((await bootAndProve(trial({ seconds: 60 }))).reason).toBe("the guest restarted by itself");
});

test("a firmware that shows no menu ends with the time that was given", async () => {
  using _ = fakeQemu("frozen");
  const verdict = await bootAndProve(trial({ seconds: 5 }));
  expect(verdict.reason).toBe("not done within 5 s, still waiting for the menu");
});

test("an emulator that never says a word ends with the time that was given", async () => {
  using _ = fakeQemu("mute");
  expect((await bootAndProve(trial({ seconds: 3 }))).reason).toBe("not done within 3 s, still starting the machine");
});

test("an emulator that does not start is quoted", async () => {
  using _ = fakeQemu("dies");
  expect((await bootAndProve(trial())).reason).toContain("could not open the disk");
});

test("a password from a descriptor is in no log and on no command line", async () => {
  using fake = fakeQemu("boots");
  const keep = mkdtempSync(join(tmpdir(), "kept-"));
  const verdict = await bootAndProve(trial({ keep }));
  const log = readFileSync(verdict.serialLog ?? "", "utf8");
  expect(log).toContain("********");
  expect(log + fake.read("argv") + JSON.stringify(verdict)).not.toContain("secret-word");
  expect(readdirSync(keep).sort()).toEqual([
    "bios-cd-live-serial-end.png",
    "bios-cd-live-serial-menu.png",
    "bios-cd-live-serial.serial.log",
  ]);
  rmSync(keep, { recursive: true });
});

test("an abort ends the emulator and its children, however stubborn, and leaves no folder", async () => {
  using fake = fakeQemu("stubborn");
  const folders = (): number => readdirSync(tmpdir()).filter((name) => name.startsWith("livewright-")).length;
  const before = folders();
  const stop = new AbortController();
  const done = bootAndProve(trial({ signal: stop.signal }));
  setTimeout(() => {
    stop.abort(new Error("SIGINT"));
  }, 2_000);
  await expect(done).rejects.toThrow();
  await sleep(200);
  for (const name of ["pid", "grandchild"]) expect(state(fake.read(name))).toBe("gone");
  expect(folders()).toBe(before);
});

function state(pid: string): string {
  try {
    return /\) Z/.test(readFileSync(`/proc/${pid}/stat`, "utf8")) ? "gone" : "runs";
  } catch {
    return "gone";
  }
}
