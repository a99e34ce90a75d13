import { symlinkSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { capture } from "../../src/system/process.ts";
import { fixture, type Fixture } from "./fixture.ts";
import { lab, type Lab, type Program } from "./lab.ts";

const patience = { timeout: 20_000 };
const { signal } = new AbortController();
let folder: Fixture;
beforeAll(() => {
  folder = fixture();
  folder.write(".hidden", "hidden\n");
  folder.write("live/.git/config", "hidden\n");
  symlinkSync("../secret", join(folder.served, "leak"));
  symlinkSync("..", join(folder.served, "up"));
});
afterAll(() => {
  folder[Symbol.dispose]();
});

async function ready(program: Program): Promise<void> {
  for (let tick = 0; tick < 200 && !program.output().includes("Ready: "); tick++) await sleep(100);
  expect(program.output()).toContain("Ready: ");
}

/** Sockets that are listened at in the server's network, as ss(8) tells them. */
const listening = async (there: Lab): Promise<readonly string[]> =>
  (await there.inServer("ss", "-lntuH"))
    .trim()
    .split("\n")
    .filter((line) => line !== "")
    .map((line) => line.split(/\s+/))
    .map((words) => `${String(words[0])} ${String(words[4])}`)
    .sort();

/** The servers that run in the server's network, by name. */
const companions = async (there: Lab): Promise<readonly string[]> => {
  const script = 'for it in /proc/[0-9]*; do if [ "$it/ns/net" -ef /proc/self/ns/net ]; then cat "$it/comm"; fi; done';
  return (await there.inServer("sh", "-c", script)).split("\n").filter((name) => name === "dnsmasq");
};

const pxe = (arch: number): string => `PXEClient:Arch:${String(arch).padStart(5, "0")}:UNDI:003001`;

describe("on a network with a DHCP server of its own", () => {
  let there: Lab;
  let program: Program;
  beforeAll(async () => {
    there = await lab();
    program = there.livewright("serve", folder.served, "--interface", "srv", "--progress", "plain");
    await ready(program);
  });
  afterAll(async () => {
    await there[Symbol.asyncDispose]();
  });

  test("nothing listens but at that interface's address", async () => {
    expect(await listening(there)).toEqual([
      "tcp 10.77.0.1:80",
      "udp 0.0.0.0%srv:4011",
      "udp 0.0.0.0%srv:67",
      "udp 10.77.0.1:69",
    ]);
  });

  test("a computer with BIOS is told to load PXELINUX, and is given no address", async () => {
    const answers = await there.dhcp({ vendor: pxe(0), arch: 0 });
    expect(answers).toMatchObject([
      {
        from: "10.77.0.1:67",
        type: 2,
        yiaddr: "0.0.0.0",
        siaddr: "10.77.0.1",
        file: "pxelinux.0",
        vendor: "PXEClient",
      },
    ]);
  });

  test.each([7, 9])(
    "a computer with UEFI, architecture %i, is told at its second question to load the signed loader",
    async (arch) => {
      expect(await there.dhcp({ vendor: pxe(arch), arch })).toMatchObject([
        { type: 2, yiaddr: "0.0.0.0", vendor: "PXEClient" },
      ]);
      const answers = await there.dhcp({ vendor: pxe(arch), arch, again: true });
      expect(answers).toMatchObject([
        { type: 5, siaddr: "10.77.0.1", file: "EFI/boot/bootx64.efi", vendor: "PXEClient" },
      ]);
    },
  );

  test.each([0, 7])("an iPXE, architecture %i, is sent to its script", async (arch) => {
    const answers = await there.dhcp({ vendor: pxe(arch), arch, user: "iPXE" });
    expect(answers).toMatchObject([{ yiaddr: "0.0.0.0", file: "http://10.77.0.1/boot.ipxe" }]);
  });

  test("a computer that boots by HTTP is told the loader's address", async () => {
    const answers = await there.dhcp({ vendor: "HTTPClient:Arch:00016:UNDI:003001", arch: 16 });
    expect(answers).toMatchObject([
      { type: 2, yiaddr: "0.0.0.0", file: "http://10.77.0.1/boot.img", vendor: "HTTPClient" },
    ]);
  });

  test("whoever does not boot from the network gets no answer", async () => {
    expect(await there.dhcp({ vendor: "MSFT 5.0", arch: 0 })).toEqual([]);
  });

  test("files come by TFTP and by HTTP, as they are", async () => {
    for (const scheme of ["tftp", "http"]) {
      const text = await there.inClient("curl", "-sf", `${scheme}://10.77.0.1/EFI/boot/bootx64.efi`);
      expect(text).toBe("a loader for UEFI\n");
    }
    expect(await there.inClient("curl", "-sf", "tftp://10.77.0.1//.disk/livewright.json")).toContain("bookworm");
    expect(await there.inClient("sh", "-c", "curl -s tftp://10.77.0.1/live/01-base.squashfs | wc -c")).toBe(
      "3000000\n",
    );
  });

  test.each([
    "../secret",
    "/../secret",
    "live/../../secret",
    "leak",
    "up/secret",
    "/etc/passwd",
    "/mnt/../etc/passwd",
    ".hidden",
    "live/.git/config",
    "..\\secret",
  ])("TFTP does not give %s", async (path) => {
    // curl cleans a path up but for this option, and leaves what is after the first slash as the file's name.
    const got = there.inClient("curl", "-sf", "--path-as-is", "-m", "10", `tftp://10.77.0.1/${path}`);
    await expect(got).rejects.toThrow();
  });

  test("each request is told with who asked", async () => {
    await there.inClient("curl", "-sf", "http://10.77.0.1/pxelinux.0");
    await expect.poll(program.output).toContain("10.77.0.9 http GET /pxelinux.0: 200, sent\n");
    expect(program.output()).toContain("10.77.0.9 tftp EFI/boot/bootx64.efi: sent\n");
    expect(program.output()).toContain("52:54:00:ab:cd:ef dhcp what to boot: pxelinux.0\n");
    expect(program.output()).toContain("somebody tftp leak: refused: Too many levels of symbolic links\n");
  });

  test("the servers work without rights", async () => {
    const users = await capture({ tool: "ps", args: ["-eo", "user=,args="], signal });
    const theirs = users.split("\n").filter((line) => /\bdnsmasq --keep/.test(line) && !/attend/.test(line));
    expect(theirs.length).toBeGreaterThanOrEqual(2);
    expect(theirs.filter((line) => !line.startsWith("nobody"))).toEqual([]);
  });
});

describe("on a network without one", () => {
  let there: Lab;
  let program: Program;
  beforeAll(async () => {
    there = await lab();
    const range = ["--dhcp-range", "10.77.0.100,10.77.0.120", "--progress", "plain"];
    program = there.livewright("serve", folder.served, "--interface", "srv", "--http-port", "8123", ...range);
    await ready(program);
  });
  afterAll(async () => {
    await there[Symbol.asyncDispose]();
  });

  test.each([
    { who: "BIOS", vendor: pxe(0), arch: 0, file: "pxelinux.0" },
    { who: "UEFI", vendor: pxe(7), arch: 7, file: "EFI/boot/bootx64.efi" },
    { who: "iPXE", vendor: pxe(0), arch: 0, user: "iPXE", file: "http://10.77.0.1:8123/boot.ipxe" },
    {
      who: "UEFI HTTP boot",
      vendor: "HTTPClient:Arch:00016",
      arch: 16,
      file: "http://10.77.0.1:8123/boot.img",
    },
  ])("$who is given an address and told what to boot", async ({ file, ...question }) => {
    const [answer] = await there.dhcp(question);
    expect(answer).toMatchObject({ type: 2, siaddr: "10.77.0.1", file });
    expect(answer?.yiaddr).toMatch(/^10\.77\.0\.1[012]\d$/);
    if (question.arch === 16) expect(answer?.vendor).toBe("HTTPClient");
    expect(program.output()).toContain(`52:54:00:ab:cd:ef dhcp what to boot: ${file}\n`);
  });
});

test("without an interface it is this machine's alone, and answers nobody by DHCP", async () => {
  await using there = await lab();
  const program = there.livewright("serve", folder.served);
  await ready(program);
  expect(await listening(there)).toEqual(["tcp 127.0.0.1:80", "udp 127.0.0.1:69"]);
  expect(program.output()).toContain("Only this machine can reach it.\nFor a network: livewright serve DIR ");
});

test("an iPXE is treated as any PXE when that is asked for", async () => {
  await using there = await lab();
  await ready(there.livewright("serve", folder.served, "--interface", "srv", "--no-ipxe"));
  expect(await there.dhcp({ vendor: pxe(0), arch: 0, user: "iPXE" })).toMatchObject([{ file: "pxelinux.0" }]);
});

test.each(["SIGINT", "SIGTERM", "SIGKILL"] as const)("nothing of it is left after %s", async (name) => {
  await using there = await lab();
  const program = there.livewright("serve", folder.served, "--interface", "srv");
  await ready(program);
  expect(await companions(there)).toEqual(["dnsmasq", "dnsmasq"]);
  // nsenter has become the program itself.
  program.child.kill(name);
  const status = await program.ended;
  if (name !== "SIGKILL") expect(status).toBe({ SIGINT: 130, SIGTERM: 143 }[name]);
  await expect.poll(() => companions(there), patience).toEqual([]);
  expect(await listening(there)).toEqual([]);
});

test("a server that ends by itself ends all, with its last words", async () => {
  await using there = await lab();
  const program = there.livewright("serve", folder.served, "--interface", "srv");
  await ready(program);
  const pids = (await there.inServer("ss", "-lnuHp")).match(/pid=\d+/g)!.map((word) => word.slice(4));
  await capture({ tool: "kill", args: [pids[0]!], signal });
  expect(await program.ended).toBe(1);
  expect(program.output()).toContain("server has ended");
  expect(await listening(there)).toEqual([]);
});

test.each([
  {
    port: "udp 69",
    hold: ["dnsmasq", "-k", "-C", "/dev/null", "-p0", "--enable-tftp", "--tftp-root=/tmp", "--pid-file="],
    says: "TFTP",
  },
  { port: "tcp 80", hold: ["nc", "80"], says: "port 80" },
])("$port in use is told as busy", async ({ hold, says }) => {
  await using there = await lab();
  await using _ = await held(there, hold);
  const program = there.livewright("serve", folder.served, "--interface", "srv");
  expect(await program.ended, program.output()).toBe(7);
  expect(program.output()).toContain(says);
});

async function held(there: Lab, words: readonly string[]): Promise<AsyncDisposable> {
  const script = `require("node:net").createServer().listen(80, "0.0.0.0")`;
  const stop = new AbortController();
  const running = words[0] === "nc" ? [process.execPath, "-e", script] : words;
  const done = capture({
    tool: "nsenter",
    args: [`--net=/proc/${there.server}/ns/net`, "--", ...running],
    signal: stop.signal,
  }).catch(() => undefined);
  await expect.poll(async () => (await listening(there)).length, patience).toBeGreaterThan(0);
  return {
    async [Symbol.asyncDispose]() {
      stop.abort();
      await done;
    },
  };
}

test.each([
  { words: ["--interface", "none0"], status: 2, says: "there is no interface none0\nTry: it is one of " },
  {
    words: ["--interface", "srv", "--address", "10.78.0.1"],
    status: 2,
    says: "srv has no address 10.78.0.1\nTry: it has 10.77.0.1",
  },
  {
    words: ["--interface", "lo"],
    status: 2,
    says: "lo is no network: only this machine is on it\nTry: leave --interface out, to serve to this machine only\n",
  },
  { words: ["--address", "10.77.0.1"], status: 2, says: "name the interface as well" },
  { words: ["--dhcp-range", "10.77.0.9,10.77.0.20"], status: 2, says: "--dhcp-range needs --interface" },
  { words: ["--uploads", "/tmp"], status: 2, says: "--uploads needs --token-file" },
])("$words is refused", async ({ words, status, says }) => {
  await using there = await lab();
  const program = there.livewright("serve", folder.served, ...words);
  expect(await program.ended).toBe(status);
  expect(program.output()).toContain(says);
});
