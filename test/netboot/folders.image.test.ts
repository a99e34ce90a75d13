import { chmod, copyFile, mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { capture } from "../../src/system/process.ts";
import { never, scratch } from "../build/plant.ts";
import { boot } from "./lab.ts";

const script = join(import.meta.dirname, "../../hooks/initramfs/livewright-folders");

/** What the guest's initramfs leaves for the booted system, when its kernel is given these arguments. */
async function prepared(args: string) {
  const { out, console, medium } = await boot({ args: `livewright.from=http://10.9.0.1/ ${args}` }, never());
  return { out, console, medium };
}

/** Run what mounts a folder, as the booted system would, where only the shell and the programs given are to be found. */
async function mounting(text: string, programs: Readonly<Record<string, string>>): Promise<string> {
  await using place = await scratch();
  await mkdir(join(place.path, "bin"));
  for (const [name, body] of Object.entries(programs)) {
    await writeFile(join(place.path, "bin", name), `#!/bin/sh\n${body}\n`);
    await chmod(join(place.path, "bin", name), 0o755);
  }
  await writeFile(join(place.path, "mounting"), text);
  const args = ["-c", `PATH=${join(place.path, "bin")}; . ${join(place.path, "mounting")}`];
  return await capture({ tool: "sh", args, signal: never(), accept: [1] });
}

describe("a home folder named on the kernel's command line", () => {
  test("is mounted from an NFS server before anybody can log in", async () => {
    const { out, medium } = await prepared("livewright.home=nfs:192.0.2.1:/srv/home");
    expect(medium).toContain("filesystem.module");
    expect(out["livewright-home.service"]).toMatch(
      /^After=network-online\.target\nBefore=systemd-user-sessions\.service$/m,
    );
    const calls = { "mount.nfs": "", mkdir: "", mount: 'echo "mount $*"', sleep: "", timeout: 'shift; "$@"' };
    expect(await mounting(out["home"]!, calls)).toBe(
      "mount -t nfs -o nosuid,nodev,retry=0 192.0.2.1:/srv/home /home\nlivewright: /home is 192.0.2.1:/srv/home\n",
    );
  });

  test("stays in memory, with a sentence that names the package, when the image cannot mount it", async () => {
    const { out } = await prepared("livewright.home=nfs:192.0.2.1:/srv/home livewright.work=sshfs:me@files.lab:work");
    expect(await mounting(out["home"]!, {})).toBe(
      "livewright: /home stays in memory: 192.0.2.1:/srv/home needs the package nfs-common, which this image lacks; add it to the recipe\n",
    );
    expect(await mounting(out["work"]!, {})).toMatch(
      /\/work stays in memory: me@files\.lab:work needs the package sshfs/,
    );
  });

  test("is tried again for a while, and then said to be in memory", async () => {
    const { out } = await prepared("livewright.work=LABEL=work");
    const said = await mounting(out["work"]!, { mkdir: "", mount: "echo tried; exit 32", sleep: "" });
    expect(said).toBe(
      `${"tried\n".repeat(5)}livewright: /work stays in memory: LABEL=work cannot be mounted, for the reason above\n`,
    );
  });

  test("is a drive of the machine, really mounted", async () => {
    const { out } = await prepared("livewright.work=/dev/DRIVE");
    await using place = await scratch();
    await writeFile(join(place.path, "work"), out["work"]!);
    await copyFile(script, join(place.path, "hello"));
    const session = [
      "truncate -s 8M drive; mkdir content; mv hello content/; mke2fs -q -t ext4 -d content drive",
      'loop=$(losetup --find --show --read-only drive); trap "losetup -d $loop" EXIT',
      "mkdir root; mount -t tmpfs tmpfs root; cd root; mkdir usr proc dev; ln -s usr/bin usr/sbin usr/lib usr/lib64 .",
      "mount --rbind /usr usr; mount --rbind /dev dev; mount -t proc proc proc",
      'sed "s,/dev/DRIVE,$loop," ../work > mounting; chroot . sh mounting; ls work; umount work',
    ].join("\n");
    const args = ["--mount", "sh", "-euc", session];
    const said = await capture({ tool: "unshare", args, cwd: place.path, signal: never() });
    expect(said).toMatch(/^livewright: \/work is \/dev\/loop\d+\nhello\nlost\+found\n$/);
  });

  test("is passed over when its place makes no sense, and none is asked for by default", async () => {
    const odd = await prepared("livewright.home=nfs:192.0.2.1:/$(reboot) livewright.work=somewhere");
    expect(odd.console).toMatch(
      /livewright\.home=nfs:192\.0\.2\.1:\/\$\(reboot\) is passed over: it must be nfs:HOST:\/PATH/,
    );
    expect(odd.console).toMatch(/livewright\.work=somewhere is passed over/);
    expect(odd.medium).toContain("filesystem.module");
    expect(Object.keys(odd.out)).toEqual(["left"]);
    expect(Object.keys((await prepared("")).out)).toEqual(["left"]);
  });

  test("waits for a network only when it lies in one", async () => {
    const { out } = await prepared("livewright.home=UUID=0123-4567 livewright.work=nfs:192.0.2.1:/work");
    expect(out["livewright-home.service"]).not.toMatch(/network/);
    expect(out["livewright-work.service"]).toMatch(/^Wants=network-online\.target$/m);
  });
});
