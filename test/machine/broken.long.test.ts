import { mkdtemp } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeAll, expect, test } from "vitest";
import type { Verdict } from "../../src/machine/boot.ts";
import type { MediumRecord } from "../../src/medium.ts";
import { builtIso } from "../workshop.ts";
import { boots, type BootWish } from "./boots.ts";
import { removeFolder, scramble, Spoiling } from "./broken.ts";

let good: string;

beforeAll(async () => {
  good = process.env["LIVEWRIGHT_GOOD_ISO"] ?? (await builtIso("minimal"));
});

/** Spoil the good medium in one way, boot it, and return the verdict. */
async function spoilt(
  how: (medium: Spoiling) => Promise<void> | void,
  wish: Partial<BootWish> = {},
): Promise<Pick<Verdict, "passed" | "reason">> {
  const folder = await mkdtemp(join(tmpdir(), "broken-"));
  try {
    const medium = new Spoiling(good, folder);
    await how(medium);
    return await boots(await medium.write(), { firmware: "bios", medium: "cd", entry: "live-serial", ...wish });
  } finally {
    await removeFolder(folder);
  }
}

const failed = (reason: RegExp): object => ({ passed: false, reason: expect.stringMatching(reason) as string });

const modulesOf = async (medium: Spoiling): Promise<readonly string[]> => {
  let modules: readonly string[] = [];
  await medium.record((record: MediumRecord) => {
    modules = record.modules;
    return record;
  });
  return modules;
};

test("without its squashfs modules a medium fails: no live file system", async () => {
  const verdict = await spoilt(async (medium) => {
    for (const name of await modulesOf(medium)) medium.remove(`/live/${name}`);
  });
  expect(verdict).toMatchObject(failed(/no live file system found|initramfs/));
});

test("with the tail of a squashfs module corrupted a medium fails", async () => {
  const verdict = await spoilt(async (medium) => {
    const path = `/live/${(await modulesOf(medium)).at(-1) ?? ""}`;
    const copy = await medium.take(path);
    await scramble(copy, 65_536);
    medium.put(path, copy);
  });
  expect(verdict).toMatchObject(failed(/squashfs|initramfs|live file system|panicked/));
});

test("with boot=live misspelt a medium fails", async () => {
  const verdict = await spoilt((medium) => medium.arguments((text) => text.replaceAll("boot=live", "boot=love")));
  expect(verdict).toMatchObject(failed(/initramfs|panicked/));
});

test("a kernel that panics and restarts for ever fails at its first panic", async () => {
  const verdict = await spoilt((medium) =>
    medium.arguments((text) => text.replaceAll("boot=live", "boot=live panic=1 rdinit=/bin/false")),
  );
  expect(verdict).toMatchObject(failed(/panicked|restarted by itself/));
});

test("GRUB without its menu fails at its prompt", async () => {
  const verdict = await spoilt(
    (medium) => {
      medium.remove("/boot/grub/grub.cfg");
    },
    { firmware: "uefi", seconds: 240 },
  );
  expect(verdict).toMatchObject(failed(/GRUB stopped at its/));
});

test("an initramfs without live-boot fails", async () => {
  const verdict = await spoilt((medium) => medium.overInitrd({ "scripts/live": "" }));
  expect(verdict).toMatchObject(failed(/initramfs|panicked/));
});

test("an entry without a serial console passes all the same", async () => {
  const verdict = await spoilt(() => undefined, { entry: "live" });
  expect(verdict).toMatchObject({ passed: true });
});

const unit = (name: string, lines: readonly string[]): Readonly<Record<string, string>> => ({
  [`etc/systemd/system/${name}`]: lines.join("\n"),
  [`etc/systemd/system/multi-user.target.d/${name}.conf`]: `[Unit]\nWants=${name}\n`,
});

test("a login with a failed service behind it fails, and the service is named", async () => {
  const verdict = await spoilt((medium) =>
    medium.module(unit("broken.service", ["[Service]", "Type=oneshot", "ExecStart=/bin/false", ""])),
  );
  expect(verdict).toMatchObject(failed(/broken\.service/));
});

test("a system that is degraded by a mount fails, and the mount is named", async () => {
  const verdict = await spoilt((medium) =>
    medium.module(unit("mnt.mount", ["[Mount]", "What=none", "Where=/mnt", "Type=nosuchfs", ""])),
  );
  expect(verdict).toMatchObject(failed(/mnt\.mount/));
});

test("a kernel for another computer fails: none is started", async () => {
  const verdict = await spoilt(async (medium) => {
    const kernel = await medium.take("/live/vmlinuz");
    await scramble(kernel, Infinity);
    medium.put("/live/vmlinuz", kernel);
  });
  expect(verdict).toMatchObject(failed(/did not start a Linux kernel/));
});

test("without its network a medium fails the check that asks for an address", async () => {
  const verdict = await spoilt(
    async (medium) => {
      const without = { "etc/modprobe.d/none.conf": "blacklist virtio_net\ninstall virtio_net /bin/false\n" };
      await medium.overInitrd(without); // The initramfs has the card's driver, too.
      await medium.module(without);
    },
    { checks: ["ip -4 -o address show scope global | grep ."] },
  );
  expect(verdict).toMatchObject(failed(/check: ip -4/));
});

test("a boot that hangs for ten minutes fails when its time is up, and says at what", async () => {
  const verdict = await spoilt((medium) => medium.overInitrd({ init: "#!/bin/sh\nsleep 600\n" }), { seconds: 120 });
  expect(verdict).toMatchObject(failed(/not done within \d+ s, still waiting for the login prompt/));
});

test("modules mounted in another order than was meant fail", async () => {
  const verdict = await spoilt(async (medium) => {
    await medium.module({ "etc/harmless": "\n" });
    await medium.record((record) => ({ ...record, modules: [...record.modules].reverse() }));
  });
  expect(verdict).toMatchObject(failed(/layers are mounted in the right order/));
});
