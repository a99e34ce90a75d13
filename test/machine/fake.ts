import { chmodSync, copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import type { Trial } from "../../src/machine/boot.ts";
import type { LinuxEntry, MediumRecord } from "../../src/medium.ts";

export type Behaviour =
  "boots" | "fails a check" | "parrots" | "panics" | "resets" | "frozen" | "mute" | "dies" | "stubborn" | "silent";

export interface FakeQemu extends Disposable {
  readonly folder: string;
  readonly read: (name: string) => string;
}

/** A folder first on PATH with a QEMU that behaves as told, and programs of the guest's own. */
export function fakeQemu(behaviour: Behaviour): FakeQemu {
  const folder = mkdtempSync(join(tmpdir(), "fake-qemu-"));
  const before = process.env["PATH"];
  copyFileSync(new URL("fake-qemu.mjs", import.meta.url), join(folder, "qemu-system-x86_64"));
  chmodSync(join(folder, "qemu-system-x86_64"), 0o755);
  writeFileSync(join(folder, "behaviour"), behaviour);
  mkdirSync(join(folder, "guest"));
  program(join(folder, "guest/systemctl"), 'case "$*" in *is-system-running*) echo running;; esac');
  process.env["PATH"] = `${folder}${delimiter}${before ?? ""}`;
  return {
    folder,
    read: (name) => readFileSync(join(folder, name), "utf8"),
    [Symbol.dispose]() {
      process.env["PATH"] = before;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

function program(path: string, body: string): void {
  writeFileSync(path, `#!/bin/sh\n${body}\n`);
  chmodSync(path, 0o755);
}

const linux = (name: string, args: readonly string[]): LinuxEntry => ({
  do: "linux",
  name,
  title: name,
  kind: "live",
  kernel: "/live/vmlinuz",
  initrd: "/live/initrd.img",
  arguments: args,
});

/** A medium whose menu looks like the fake's: five lines. */
export const record: MediumRecord = {
  format: 1,
  name: "demo",
  version: "1",
  suite: "bookworm",
  architecture: "amd64",
  recipe: { name: "demo", shipped: false },
  volume: "DEMO",
  marker: "/.disk/id-0",
  kernel: "6.1.0-1-amd64",
  menu: {
    title: "Demo",
    timeout: 10,
    entries: [
      linux("live", ["boot=live", "quiet"]),
      linux("live-serial", ["boot=live", "console=tty0", "console=ttyS0,115200"]),
      { do: "menu", name: "languages", title: "Languages", entries: [linux("german", []), linux("french", [])] },
      { do: "memtest", name: "memtest", title: "Memory", bios: "/live/memtest.bin" },
      { do: "firmware-settings", name: "settings", title: "Settings" },
      { do: "local-disk", name: "disk", title: "Disk" },
    ],
  },
  modules: [],
  user: { name: "user", sudo: true },
  rootLocked: true,
  checks: [],
  patched: [],
};

export function trial(more: Partial<Trial> = {}): Trial {
  return {
    image: "/dev/null",
    facts: { kind: "iso", bytes: 0, files: [], record },
    firmware: "bios",
    medium: "cd",
    accelerator: "tcg",
    entry: "live-serial",
    login: { user: "user", password: "secret-word", secret: true },
    checks: [],
    seconds: 20,
    signal: new AbortController().signal,
    tell: () => undefined,
    ...more,
  };
}
