import { chmod, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { fourLayers, fourLayerChecks } from "./four-layers.ts";
import { livewright, testCache, type Outcome } from "./livewright.ts";
import { recipeFolder } from "./workshop.ts";

/** Build a recipe's netboot folder beside the recipe, for these tests change what is in it. */
async function builtFolder(recipe: string, ...words: readonly string[]): Promise<string> {
  const done = await livewright([
    ...["build", join(recipe, "recipe.yaml"), "--cache", testCache, "-o", join(recipe, "out"), "--progress", "plain"],
    ...["--set", "media=[{ kind: netboot }]", ...words],
  ]);
  expect(done.status, done.stderr).toBe(0);
  return done.stdout.trim();
}

interface BootWish {
  readonly firmware: string;
  readonly by: string;
  readonly recipe: string;
  readonly checks?: readonly string[];
}

async function booted(
  folder: string,
  { firmware, by, recipe, checks = [] }: BootWish,
  ...words: readonly string[]
): Promise<void> {
  const file = join(recipe, "checks");
  await writeFile(file, checks.map((check) => `${check}\n`).join(""));
  const done = await livewright([
    ...["test", folder, "--firmware", firmware, "--by", by, "--recipe", join(recipe, "recipe.yaml"), "--checks", file],
    ...["--json", "--timeout", "1500", "--progress", "plain", ...words],
  ]);
  passed(done);
}

function passed(done: Outcome): void {
  const { verdicts } = JSON.parse(done.stdout) as { verdicts: readonly { findings: readonly { passed: boolean }[] }[] };
  const failed = verdicts.flatMap(({ findings }) => findings.filter((finding) => !finding.passed));
  expect(failed, JSON.stringify(failed)).toEqual([]);
  expect(JSON.parse(done.stdout), done.stderr).toMatchObject({ passed: true });
}

test("four layers boot without a disk by PXE, iPXE and HTTP, BIOS, UEFI and Secure Boot, each layer in its place", async () => {
  await using recipe = await fourLayers();
  const folder = await builtFolder(recipe.path);
  for (const [firmware, ways] of [
    ["bios", ["pxe", "ipxe"]],
    ["uefi", ["pxe", "http"]],
    ["secure-boot", ["pxe"]],
  ] as const)
    for (const by of ways) await booted(folder, { firmware, by, recipe: recipe.path, checks: fourLayerChecks });
  // Beside another DHCP server, as UEFI's PXE wants it.
  await booted(folder, { firmware: "secure-boot", by: "pxe", recipe: recipe.path }, "--dhcp", "next");
});

test("minimal boots with 512 MB of memory", async () => {
  await using recipe = await recipeFolder({ "recipe.yaml": "name: small\nextends: minimal\n" });
  const folder = await builtFolder(recipe.path);
  await booted(folder, { firmware: "bios", by: "pxe", recipe: recipe.path }, "--memory", "512M");
});

test.each([
  ["bios", "pxe"],
  ["secure-boot", "pxe"],
  ["secure-boot", "http"],
])("trixie boots with %s by %s", async (firmware, by) => {
  await using recipe = await recipeFolder({ "recipe.yaml": "name: newer\nextends: minimal\nsuite: trixie\n" });
  const folder = await builtFolder(recipe.path);
  await booted(folder, { firmware, by, recipe: recipe.path, checks: ["grep -q trixie /etc/os-release"] });
});

test("home lies on an NFS server and work on an SSH server, if the kernel's arguments say so", async () => {
  // Both servers run in the guest itself: what mounts from them cannot tell.
  const service = (name: string, before: string, ...commands: readonly string[]): string =>
    [
      ...["[Unit]", "DefaultDependencies=no", "After=local-fs.target", `Before=${before}`, "[Service]", "Type=oneshot"],
      ...commands.map((command) => `ExecStart=/bin/sh -c '${command}'`),
      ...["[Install]", `RequiredBy=${before}`, ""],
    ].join("\n");
  await using recipe = await recipeFolder({
    "recipe.yaml": [
      "name: homes",
      "extends: minimal",
      "kernel: { arguments: ['livewright.home=nfs:127.0.0.1:/', 'livewright.work=sshfs:root@127.0.0.1:/srv/work'] }",
      "layers:",
      "  - name: servers",
      "    packages: [nfs-kernel-server, nfs-common, openssh-server, sshfs]",
      "    files: overlay",
      "    hooks: [hooks/keys]",
      "",
    ].join("\n"),
    "overlay/etc/exports": "/run/homes 127.0.0.1(rw,no_subtree_check,no_root_squash,fsid=0)\n",
    // An overlay cannot be exported, a folder in memory can.
    "overlay/etc/systemd/system/homes.service": service(
      "homes",
      "nfs-server.service",
      ...["mkdir -p /run/homes/user", "echo by nfs > /run/homes/user/file", "chown -R 1000:1000 /run/homes/user"],
    ),
    "overlay/root/.ssh/config": "Host 127.0.0.1\n  StrictHostKeyChecking accept-new\n",
    "overlay/srv/work/file": "by sshfs\n",
    "hooks/keys": [
      "#!/bin/sh",
      "set -eu",
      'chroot "$1" systemctl enable homes.service',
      'chmod 700 "$1/root/.ssh"; chmod 600 "$1/root/.ssh/config"',
      'chroot "$1" ssh-keygen -q -t ed25519 -N "" -f /root/.ssh/id_ed25519',
      'cp "$1/root/.ssh/id_ed25519.pub" "$1/root/.ssh/authorized_keys"',
      "",
    ].join("\n"),
  });
  const folder = await builtFolder(recipe.path);
  const checks = [
    "findmnt --noheadings --output FSTYPE /home | grep -x nfs4",
    'test "$(cat /home/user/file)" = "by nfs"',
    "runuser -u user -- touch /home/user/mine && test $(stat -c %U /home/user/mine) = user",
    "findmnt --noheadings --output FSTYPE /work | grep -x fuse.sshfs",
    'test "$(cat /work/file)" = "by sshfs"',
  ];
  await booted(folder, { firmware: "bios", by: "pxe", recipe: recipe.path, checks });
});

test("a running system saves itself to the server, what was done to it is there at the next start, and after an update", async () => {
  await using recipe = await recipeFolder({
    "recipe.yaml": "name: saving\nextends: minimal\nsave-command: true\nlayers: [{ name: own, files: overlay }]\n",
    "overlay/etc/version": "1\n",
    token: "only-guests-know\n",
  });
  const folder = await builtFolder(recipe.path);
  const [saved, token] = [join(recipe.path, "saved"), join(recipe.path, "token")];
  await chmod(token, 0o600);
  const word = "printf 'only-guests-know' > /tmp/token && chmod 600 /tmp/token";
  const root = (command: string): string => `echo live | sudo --stdin --prompt= sh -c "${command}"`;
  await booted(
    folder,
    {
      firmware: "bios",
      by: "pxe",
      recipe: recipe.path,
      checks: [
        root("echo kept > /opt/kept && rm /etc/motd && mv /usr/share/doc/bash /usr/share/doc/moved"),
        `${word} && ${root("livewright-save mine --to http://10.86.0.1/saved --token-file /tmp/token")}`,
      ],
    },
    ...["--uploads", saved, "--token-file", token],
  );
  const stack = async (): Promise<void> => {
    const stacked = await livewright(["stack", join(saved, "mine.squashfs"), "--in", folder]);
    expect(stacked.status, stacked.stderr).toBe(0);
    expect((await livewright(["inspect", folder])).status).toBe(0);
  };
  const kept = [
    "test $(cat /opt/kept) = kept",
    "test ! -e /etc/motd",
    "test -d /usr/share/doc/moved && test ! -e /usr/share/doc/bash",
    "test ! -e /tmp/token",
  ];
  const again = (firmware: string, version: string): Promise<void> => {
    const checks = [...kept, `test $(cat /etc/version) = ${version}`];
    return booted(folder, { firmware, by: "pxe", recipe: recipe.path, checks }, "--list", "mine");
  };
  await stack();
  await again("uefi", "1");
  await writeFile(join(recipe.path, "overlay/etc/version"), "2\n");
  expect(await builtFolder(recipe.path)).toBe(folder);
  const refused = await livewright(["stack", join(saved, "mine.squashfs"), "--in", folder]);
  expect([refused.status, refused.stderr]).toEqual([4, expect.stringContaining("restack")]);
  const restacked = await livewright(["restack", join(saved, "mine.squashfs"), "--onto", folder, "--cache", testCache]);
  expect(restacked.status, restacked.stdout + restacked.stderr).toBe(0);
  await stack();
  await again("bios", "2");
});
