import { describe, expect, test as serial } from "vitest";
import { boot, type Seen } from "./lab.ts";

// They wait much and compute little: what DHCP, TFTP and a person would take.
const test = serial.concurrent;

const first = "live/01-base.squashfs";
const second = "live/02-console.squashfs";
const whole = ["01-base.squashfs", "02-console.squashfs", "filesystem.module"];
const list = "lists/default.modules";
const once = "livewright.from=http://10.9.0.1/ livewright.rounds=1";

/** Live-boot was given nothing: neither a medium nor a place to look for one. */
const nothingStarted = ({ medium, param }: Seen): void => {
  expect(medium).not.toContain("filesystem.module");
  expect(param).toBe("");
};

describe("a guest whose server is in order", () => {
  test("fetches every module by HTTP, and hands them to live-boot in the list's order", async ({ signal }) => {
    const seen = await boot({}, signal);
    expect(seen.requests).toEqual([list, first, second]);
    expect(seen.medium).toEqual(whole);
    expect(seen.param).toBe("LIVE_MEDIA=/run/livewright/medium\nLIVE_MEDIA_PATH=live\nMODULE=filesystem\nTORAM=\n");
    expect(seen.console).toMatch(
      /^livewright: 01-base\.squashfs: fetching 0\.3 MB \(1 of 2\) from http:\/\/10\.9\.0\.1\/$/m,
    );
    expect(seen.console).toMatch(/^livewright: 02-console\.squashfs: 0\.3 MB in \d+ s, checked\.$/m);
    expect(seen.console).toMatch(/All 2 modules of base-console are here and checked, 0\.6 MB\. Starting\.\n$/);
  });

  test("leaves the network as if it had not been there", async ({ signal }) => {
    const { out } = await boot({}, signal);
    expect(out["left"]).not.toMatch(/inet |net-eth0|resolv\.conf|[<,]UP[,>]/);
    expect(out["left"]).toMatch(/eth0/);
  });

  test("finds it by a name", async ({ signal }) => {
    const seen = await boot({ args: "livewright.from=http://boot.lab/" }, signal);
    expect(seen.console).toMatch(/from http:\/\/boot\.lab\//);
    expect(seen.medium).toEqual(whole);
  });

  test("finds it in the DHCP lease when the command line names none", async ({ signal }) => {
    const seen = await boot({ args: "" }, signal);
    expect(seen.requests).toEqual([list, first, second]);
    expect(seen.medium).toEqual(whole);
  });

  test("passes over an address that its boot loader left empty", async ({ signal }) => {
    expect((await boot({ args: "livewright.from=http://" }, signal)).medium).toEqual(whole);
  });

  test("finds it in PXELINUX's ip=, which live-boot is not shown", async ({ signal }) => {
    const args = "ip=10.9.0.7:10.9.0.1:10.9.0.1:255.255.255.0 BOOTIF=01-52-54-00-00-00-01";
    const seen = await boot({ args, dnsmasq: ["dhcp-boot=pxelinux.0,elsewhere,10.9.0.200"] }, signal);
    expect(seen.console).not.toMatch(/10\.9\.0\.200/);
    expect(seen.medium).toEqual(whole);
    expect(seen.param).toMatch(/^STATICIP=$/m);
  });

  test("takes the address that PXELINUX got when nobody answers DHCP any more", async ({ signal }) => {
    const args = "ip=10.9.0.7:10.9.0.1:10.9.0.1:255.255.255.0 BOOTIF=01-52-54-00-00-00-01";
    const env = { BOOTIF: "01-52-54-00-00-00-01" };
    const seen = await boot({ args, env, dhcp: false }, signal);
    expect(seen.console).toMatch(/eth0: nobody answers DHCP now; using the address that the boot loader got/);
    expect(seen.medium).toEqual(whole);
  });

  test("is patient with a slow link, and says how far it is", async ({ signal }) => {
    const modules = [{ path: first, bytes: 6_000_000 }, { path: second }];
    const setup = "tc qdisc add dev srv0 root tbf rate 4mbit burst 32k latency 400ms";
    const seen = await boot({ modules, setup }, signal);
    expect(seen.seconds).toBeGreaterThan(12);
    expect(seen.console).toMatch(/01-base\.squashfs: \d\.\d MB have come\./);
    expect(seen.console).toMatch(/01-base\.squashfs: 6\.0 MB in \d\d s, checked/);
    expect(seen.medium).toEqual(whole);
  });

  test("does nothing for an entry that names no list", async ({ signal }) => {
    const seen = await boot({ args: "livewright.list= livewright.sha256=" }, signal);
    expect(seen.console).toBe("");
    nothingStarted(seen);
  });
});

describe("a guest with several network devices", () => {
  const dead = "ip link add far type veth peer name dead0 netns guest; ip link set far up";

  test("loses seconds, not the boot, to one on which nobody answers", async ({ signal }) => {
    const seen = await boot({ setup: dead }, signal);
    expect(seen.console).toMatch(/dead0: no DHCP server answered within 6 seconds/);
    expect(seen.medium).toEqual(whole);
    expect(seen.seconds).toBeLessThan(20);
    expect(seen.out["left"]).not.toMatch(/[<,]UP[,>]/);
  });

  test("loses nothing to one without a cable", async ({ signal }) => {
    const seen = await boot({ setup: "ip link add far type veth peer name cut0 netns guest" }, signal);
    expect(seen.console).toMatch(/cut0: the network device has no link/);
    expect(seen.medium).toEqual(whole);
    expect(seen.seconds).toBeLessThan(10);
  });

  test("begins with the one that it was booted from", async ({ signal }) => {
    const seen = await boot({ setup: dead, env: { BOOTIF: "01-52-54-00-00-00-01" } }, signal);
    expect(seen.console).not.toMatch(/dead0/);
    expect(seen.medium).toEqual(whole);
  });
});

describe("a guest whose server fails", () => {
  test("takes by TFTP what HTTP refuses", async ({ signal }) => {
    const seen = await boot({ http: false }, signal);
    expect(seen.console).toMatch(
      /http:\/\/10\.9\.0\.1\/lists\/default\.modules cannot be fetched: .*Connection refused/,
    );
    expect(seen.console).toMatch(/fetching .* from tftp:\/\/10\.9\.0\.1\//);
    expect(seen.medium).toEqual(whole);
  });

  test("waits for one that is gone after the first module, and fetches only the rest", async ({ signal }) => {
    const seen = await boot({ faults: { gone: 1, back: 12 }, tftp: false }, signal);
    expect(seen.console).toMatch(
      /02-console\.squashfs cannot be fetched whole from http:.*Connection refused; 0\.0 MB of 0\.3 MB have come/,
    );
    expect(seen.console).toMatch(/Trying everything again in 2 seconds \(round 2 of 5\)/);
    expect(seen.requests.filter((path) => path === first)).toHaveLength(1);
    expect(seen.medium).toEqual(whole);
  });

  test("goes on where a transfer broke off", async ({ signal }) => {
    const seen = await boot({ faults: { cut: { [first]: 1 } }, tftp: false }, signal);
    expect(seen.requests).toContain(`${first} from 150000`);
    expect(seen.medium).toEqual(whole);
  });

  test("asks by HTTP first though its boot loader came by TFTP, and says what it does not speak", async ({
    signal,
  }) => {
    const seen = await boot({ args: "livewright.from=tftp://10.9.0.1/,https://10.9.0.1/" }, signal);
    expect(seen.console).toContain("https://10.9.0.1/ is passed over: only http:// and tftp:// are spoken here");
    expect(seen.console).toMatch(/01-base\.squashfs: fetching \S+ MB \(1 of 2\) from http:\/\/10\.9\.0\.1\//);
    expect(seen.medium).toEqual(whole);
  });

  test("goes on by HTTP where a transfer broke off, though TFTP would begin again", async ({ signal }) => {
    const seen = await boot({ faults: { cut: { [first]: 1 } } }, signal);
    expect(seen.requests).toContain(`${first} from 150000`);
    expect(seen.console).toMatch(/; going on at 0\.1 MB/);
    expect(seen.medium).toEqual(whole);
  });

  test("gives up a transfer in which nothing comes any more", async ({ signal }) => {
    const seen = await boot({ faults: { hang: { [first]: 1 } }, tftp: false }, signal);
    expect(seen.console).toMatch(/nothing came for 20 seconds; going on at 0\.1 MB/);
    expect(seen.medium).toEqual(whole);
  });

  test("drops a module with a flipped byte and fetches it again", async ({ signal }) => {
    const seen = await boot({ faults: { flip: { [second]: 1 } } }, signal);
    expect(seen.console).toMatch(
      /02-console\.squashfs from http:\/\/10\.9\.0\.1\/ is damaged, and was dropped: its digest is [0-9a-f]{64}, the list says [0-9a-f]{64}/,
    );
    expect(seen.medium).toEqual(whole);
  });

  test("never starts with a module that is cut off on the server, and ends in a shell", async ({ signal }) => {
    const modules = [{ path: first }, { path: second, served: (it: Buffer) => it.subarray(0, 1000) }];
    const seen = await boot({ modules, args: once }, signal);
    expect(seen.console).toMatch(
      /02-console\.squashfs from http:\/\/10\.9\.0\.1\/ has 1000 bytes instead of 300000, and was dropped/,
    );
    expect(seen.console).toMatch(/Given up after 1 round\. What failed last: 02-console\.squashfs/);
    expect(seen.console).toMatch(/What to do: .*copy the netboot folder there again/);
    expect(seen.console).toMatch(/A shell follows; leaving it \(exit\) tries everything again/);
    expect(seen.out["reason"]).toMatch(/^livewright: 02-console\.squashfs/);
    nothingStarted(seen);
  });

  test("drops a module that is longer than the list says", async ({ signal }) => {
    const modules = [{ path: first, served: (it: Buffer) => Buffer.concat([it, it]) }, { path: second }];
    const seen = await boot({ modules, args: once }, signal);
    expect(seen.console).toMatch(/01-base\.squashfs from .* has 600000 bytes instead of 300000, and was dropped/);
    nothingStarted(seen);
  });

  test("does not fill its memory with a module that never ends", async ({ signal }) => {
    const modules = [{ path: first, served: () => Buffer.alloc(30_000_000) }, { path: second }];
    const seen = await boot({ modules, args: once, tftp: false }, signal);
    expect(seen.console).toMatch(/01-base\.squashfs from .* and was dropped/);
    nothingStarted(seen);
  });

  test("refuses a list that is not the one its menu was made for", async ({ signal }) => {
    const seen = await boot({ servedList: (text) => text.replace("memory 5", "memory 4"), args: once }, signal);
    expect(seen.console).toMatch(
      /http:\/\/10\.9\.0\.1\/lists\/default\.modules is not the list that this menu entry was made for: its digest is [0-9a-f]{64}, the menu says [0-9a-f]{64}/,
    );
    expect(seen.console).toMatch(/What to do: menu and modules on the server are of different builds/);
    expect(seen.requests).toEqual([list]);
    nothingStarted(seen);
  });

  test("says that nothing answers, and restarts the machine when panic= says so", async ({ signal }) => {
    const seen = await boot({ http: false, tftp: false, args: once, env: { panic: "1" } }, signal);
    expect(seen.console).toMatch(/Given up after 1 round/);
    expect(seen.console).not.toMatch(/A shell follows/);
    expect(seen.out["reboot"]).toBe("rebooted: -f\n");
    nothingStarted(seen);
  });

  test("says so when no DHCP server answers, and tries again as often as it is told", async ({ signal }) => {
    const seen = await boot({ dhcp: false, args: "livewright.rounds=2" }, signal);
    expect(seen.console).toMatch(/eth0: no DHCP server answered within 6 seconds/);
    expect(seen.console).toMatch(/eth0: no DHCP server answered within 12 seconds/);
    expect(seen.console).toMatch(/Given up after 2 rounds/);
    nothingStarted(seen);
  });

  test("tries everything again when the shell is left", async ({ signal }) => {
    const seen = await boot({ faults: { flip: { [list]: 1 } }, tftp: false, args: once, typed: "exit\n" }, signal);
    expect(seen.console).toMatch(/is not the list/);
    expect(seen.medium).toEqual(whole);
  });
});

describe("a guest that cannot run what it is asked for", () => {
  test("says before fetching how much memory it needs and how much there is", async ({ signal }) => {
    const seen = await boot({ list: (text) => text.replace(/memory \d+/, "memory 900000000000000") }, signal);
    expect(seen.console).toMatch(
      /There is too little memory: base-console needs 900000000 MB, 0\.6 MB of them for its modules, and this machine has \d+ MB free/,
    );
    expect(seen.console).toMatch(/This cannot work as it is/);
    expect(seen.requests).toEqual([list]);
    nothingStarted(seen);
  });

  test("refuses a module that was made on another base, and names both", async ({ signal }) => {
    const stale = "a".repeat(64);
    const spoil = (text: string): string => text.replace(/[0-9a-f]{64} (live\/02)/, `${stale} $1`);
    const seen = await boot({ list: spoil }, signal);
    expect(seen.console).toMatch(
      /console \(02-console\.squashfs\) was made on another base: it stands on a{64}, the list gives [0-9a-f]{64}/,
    );
    expect(seen.console).toMatch(/What to do: restack it/);
    expect(seen.requests).toEqual([list]);
    nothingStarted(seen);
  });

  const broken: readonly (readonly [string, (text: string) => string])[] = [
    ["leads out of the folder", (text) => text.replace("live/02", "../02")],
    ["is hidden", (text) => text.replace("live/02", "live/.02")],
    ["is absolute", (text) => text.replace("live/02", "/live/02")],
    ["would be run by a careless shell", (text) => text.replace("live/02", "live/$(touch$IFS/out/pwned)02")],
    ["is no squashfs", (text) => text.replace("console.squashfs", "console.iso")],
    ["has a digest that is none", (text) => text.replace(/^[0-9a-f]{64} (\d+ [0-9a-f]{64})/m, "beef $1")],
    ["has a size that is none", (text) => text.replace(" 300000 ", " 3e5 ")],
    ["is listed twice", (text) => text.replace("02-console", "01-base")],
  ];
  test.each(broken)("refuses a list with a module that %s", async (_, spoil) => {
    const seen = await boot({ list: spoil }, AbortSignal.timeout(60_000));
    expect(seen.console).toMatch(/line \d of lists\/default\.modules is not a module|names 01-base\.squashfs twice/);
    expect(seen.out["pwned"]).toBeUndefined();
    nothingStarted(seen);
  });

  test("believes nothing that DHCP says about names", async ({ signal }) => {
    const evil = `dhcp-option-force=15,a'$(touch /out/pwned)'\``;
    const seen = await boot({ dnsmasq: [evil, "dhcp-option-force=17,$(touch /out/pwned)"] }, signal);
    expect(seen.medium).toEqual(whole);
    expect(seen.out["pwned"]).toBeUndefined();
  });

  const wrong = [
    ["livewright.list=../../etc/passwd", /livewright\.list=\.\.\/\.\.\/etc\/passwd is no path/],
    [
      "livewright.sha256=beef",
      /livewright\.sha256= must be the 64 hexadecimal digits of the list's digest, not "beef"/,
    ],
    ["livewright.rounds=many", /livewright\.rounds=many is no number/],
  ] as const;
  test.each(wrong)("says what is wrong with the argument %s", async (args, message) => {
    const seen = await boot({ args }, AbortSignal.timeout(60_000));
    expect(seen.console).toMatch(message);
    expect(seen.requests).toEqual([]);
  });
});
