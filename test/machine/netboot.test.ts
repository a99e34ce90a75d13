import { chmodSync, existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { entryFetching, factsOf, memoryFor } from "../../src/machine/netboot.ts";
import { diagnosis } from "../../src/machine/symptoms.ts";
import { readFolder, type NetbootFolder } from "../../src/serve/folder.ts";
import { capture } from "../../src/system/process.ts";
import { computer, type Guest } from "../../src/tools/qemu.ts";
import { checkout, livewright, type Circumstances, type Outcome } from "../livewright.ts";
import { ordinaryUser } from "../ordinary-user.ts";
import { fixture, type Fixture } from "../serve/fixture.ts";

let made: Fixture;
beforeEach(() => {
  made = fixture();
});
afterEach(() => {
  made[Symbol.dispose]();
});

const read = (): Promise<NetbootFolder> => readFolder(made.served);
const { signal } = new AbortController();

describe("a guest's command line", () => {
  const guest: Guest = {
    image: "/x",
    firmware: "uefi",
    attachment: "pxe",
    accelerator: "tcg",
    memory: 512,
    tap: "guest",
  };
  const words = (more: Partial<Guest>): string => computer({ ...guest, ...more }).join(" ");

  test("connects it to the tap device, and has no medium", () => {
    expect(words({})).toContain("-netdev tap,id=net,ifname=guest,script=no,downscript=no");
    expect(words({})).not.toMatch(/medium|user,id=net/);
  });

  test("leaves UEFI its own network, and gives BIOS and iPXE the card's ROM", () => {
    expect(words({})).toContain("virtio-net-pci,netdev=net,bootindex=0,romfile=");
    expect(words({ firmware: "bios" })).toMatch(/virtio-net-pci,netdev=net,bootindex=0 /);
    expect(words({ attachment: "ipxe" })).toMatch(/virtio-net-pci,netdev=net,bootindex=0 /);
  });

  test("leaves UEFI nothing but HTTP where HTTP is to be proved", () => {
    expect(words({ attachment: "http" })).toContain("opt/org.tianocore/IPv4PXESupport,string=no");
    expect(words({})).not.toContain("IPv4PXESupport");
  });

  test("of an image ends its network at the emulator, as ever", () => {
    expect(words({ attachment: "cd" })).toContain(
      "-netdev user,id=net,restrict=on -device virtio-net-pci,netdev=net,romfile=",
    );
  });
});

test("a guest's memory is what its list needs and what runs before, in steps, and never little", async () => {
  expect(memoryFor(await read(), { firmware: "bios" })).toBe(512);
  const path = join(made.served, "lists/default.modules");
  writeFileSync(path, readFileSync(path, "utf8").replace(/^memory .*$/m, "memory 900000000"));
  expect(memoryFor(await read(), { firmware: "bios" })).toBe(1152);
  expect(memoryFor(await read(), { firmware: "uefi", entry: "disk" })).toBe(512);
});

test("the modules asked about are those of the list that the entry fetches", async () => {
  expect(factsOf(await read(), "uefi", "live-serial").record?.modules).toEqual(["01-base.squashfs"]);
});

test("a list is reached by the first entry that fetches it, and one that nobody fetches is refused with those that are", async () => {
  expect(entryFetching(await read(), "bios", "default")).toBe("live");
  expect(() => entryFetching({ path: "/", lists: new Map(), record: folderless }, "bios", "desk")).toThrow(
    "no entry of the bios menu",
  );
  const folder = await read();
  expect(() => entryFetching(folder, "bios", "desk")).toThrow(
    expect.objectContaining({ code: "usage", remedy: "entries fetch default" }),
  );
});
const folderless = JSON.parse('{"menu":{"title":"","timeout":0,"entries":[]}}') as NetbootFolder["record"];

test.each([
  [
    "livewright: This cannot work as it is: There is too little memory: base needs 400 MB.\r\nlivewright: What to do: give it more.\r\n",
    "the guest could not use what the server gave it: There is too little memory: base needs 400 MB.",
  ],
  [
    "livewright: eth0: no DHCP server answered within 6 seconds.\r\nlivewright: Given up after 5 rounds. What failed last: eth0: no link.\r\n(initramfs) ",
    "the guest could not fetch its modules in 5 rounds: eth0: no link.",
  ],
])("what the guest says of its fetching is the reason that is told", (console, reason) => {
  expect(diagnosis(console)).toBe(reason);
});

/** A PATH with an emulator that does what a shell script says. */
function emulator(script: string): string {
  const bin = join(made.above, "bin");
  mkdirSync(bin);
  // What tries KVM out is no guest.
  const probe = 'case "$*" in *isa-debug-exit*) exit 1 ;; esac';
  writeFileSync(join(bin, "qemu-system-x86_64"), `#!/bin/sh\n${probe}\n${script}\n`);
  chmodSync(join(bin, "qemu-system-x86_64"), 0o755);
  return `${bin}${delimiter}${String(process.env["PATH"])}`;
}

/** The program with an emulator that does what a shell script says. */
async function tested(script: string, ...given: readonly (string | Circumstances)[]): Promise<Outcome> {
  const words = given.filter((word) => typeof word === "string");
  writeFileSync(join(made.above, "login"), "user:live\n");
  const env = { ...process.env, PATH: emulator(script) };
  // The deputy is a process of its own, and this descriptor goes on to it.
  return await livewright([], {
    ...given.find((word) => typeof word !== "string"),
    env: { ...env, LOGIN: join(made.above, "login") },
    run: [
      ...(["sh", "-c", 'exec "$0" "$@" 3<"$LOGIN"', process.execPath, `${checkout}/dist/main.js`] as const),
      ...["test", made.served, "--login-fd", "3", "--progress", "plain", ...words],
    ],
  });
}

const devices = async (): Promise<string> => await capture({ tool: "ip", args: ["-brief", "link"], signal });

test.each(["serve", "other", "next"])(
  "a guest's network is one of its own, with addresses by %s, and is gone afterwards",
  async (who) => {
    const before = await devices();
    const script = `ip -brief address > ${made.above}/seen; curl -sf http://10.86.0.1/boot.ipxe > ${made.above}/got; exit 9`;
    const { status, stderr } = await tested(script, "--firmware", "bios", "--by", "ipxe", "--dhcp", who);
    expect(stderr).toContain("the emulator ended by itself (status 9)");
    expect(status).toBe(6);
    const seen = readFileSync(join(made.above, "seen"), "utf8");
    expect(seen).toMatch(/^guest /m);
    expect(seen).toContain("10.86.0.1/24");
    expect(seen).not.toMatch(/^eth0/m);
    expect(readFileSync(join(made.above, "got"), "utf8")).toBe("#!ipxe\n");
    expect(stderr).toContain("http GET /boot.ipxe: 200, sent");
    expect(await devices()).toBe(before);
  },
);

test("a verdict has what the servers were asked, and a guest that fetched nothing was not started by the network", async () => {
  const { stdout } = await tested("exit 9", "--firmware", "bios", "--by", "pxe", "--json");
  const [verdict] = (JSON.parse(stdout) as { verdicts: [{ findings: object[]; requests: string[] }] }).verdicts;
  expect(verdict.requests).toEqual([]);
  expect(verdict.findings).toContainEqual(
    expect.objectContaining({ name: "the bios firmware was started by pxe", passed: false }),
  );
});

test("--print is a line for each boot, below a comment that says which, and makes no network", async () => {
  const { status, stdout } = await tested("exit 9", "--print", "--firmware", "bios,uefi", "--by", "pxe,http");
  expect(status).toBe(0);
  const lines = stdout.trim().split("\n");
  expect(lines.filter((_, at) => at % 2 === 0)).toEqual(["# bios by pxe", "# uefi by pxe", "# uefi by http"]);
  expect(lines).toHaveLength(6);
  for (const line of lines.filter((_, at) => at % 2 === 1))
    expect(line).toMatch(/^qemu-system-x86_64 .* -netdev tap,id=net,ifname=TAP,/);
});

test("--print names the entry, and a shell takes all of it", async () => {
  const { stdout } = await tested("exit 9", "--print", "--firmware", "bios", "--by", "pxe,ipxe", "--entry", "live");
  expect(stdout).toMatch(/^# bios by pxe, entry live\n.*\n# bios by ipxe, entry live\n/);
  const said = await capture({
    tool: "bash",
    args: ["-c", `qemu-system-x86_64() { echo started; }\n${stdout}`],
    signal,
  });
  expect(said).toBe("started\nstarted\n");
});

test("what cannot be booted is refused with what can", async () => {
  const { status, stderr } = await tested("exit 9", "--firmware", "bios", "--by", "http");
  expect(status).toBe(2);
  expect(stderr).toContain("bios cannot be booted by http\nTry: --firmware bios --by pxe,ipxe, or ");
});

test("a folder that is not as its sums say is refused before anything is booted", async () => {
  made.write("pxelinux.0", "changed\n");
  const { status, stderr } = await tested("exit 9");
  expect(status).toBe(5);
  expect(stderr).toContain(
    `${made.served} is not as its SHA256SUMS says:\n  pxelinux.0 is not as it was made\nTry: copy or build it again\n`,
  );
});

test("Ctrl-C ends guest and servers, and leaves nothing", async () => {
  const before = await devices();
  const up = join(made.above, "up");
  const stopWhen = async (): Promise<boolean> => Promise.resolve(existsSync(up));
  const { status } = await tested(`echo $$ > ${up}; exec sleep 600`, { stopWhen }, "--firmware", "bios", "--by", "pxe");
  expect(status).toBe(130);
  expect(existsSync(`/proc/${readFileSync(up, "utf8").trim()}`)).toBe(false);
  expect(await devices()).toBe(before);
});

describe("an ordinary user", () => {
  /** The kernel's door to tap devices, with other permissions for this one command. */
  const door = (mode: string): string =>
    `mount -t tmpfs tmpfs /mnt && mknod -m ${mode} /mnt/tun c 10 200 && mount --bind /mnt/tun /dev/net/tun && umount -l /mnt`;

  test("is told what to do where the kernel's door to tap devices is shut", async () => {
    await using user = await ordinaryUser();
    chmodSync(made.above, 0o755);
    const words = ["test", made.served, "--recipe", "minimal", "--firmware", "bios"];
    const { status, stderr } = await user.livewright(words, { given: door("0600") });
    expect(status).toBe(3);
    expect(stderr).toContain("Try: sudo chmod 0666 /dev/net/tun");
  });

  test.each(["serve", "other", "next"])("has the same network where it is open, addresses by %s", async (who) => {
    await using user = await ordinaryUser();
    chmodSync(made.above, 0o755);
    const PATH = emulator("for by in http tftp; do curl -sf $by://10.86.0.1/boot.ipxe; done >&2; exit 9");
    const words = ["test", made.served, "--recipe", "minimal", "--firmware", "bios", "--by", "ipxe", "--dhcp", who];
    const done = await user.livewright([...words, "--progress", "plain"], { given: door("0666"), env: { PATH } });
    expect(done.stderr).toContain("http GET /boot.ipxe: 200, sent");
    expect(done.stderr).toContain("tftp boot.ipxe: sent");
    expect(done.status, done.stderr).toBe(6);
    expect(await user.processes()).toEqual([]);
  });
});
