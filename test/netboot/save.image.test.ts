import { createHash } from "node:crypto";
import { existsSync } from "node:fs";
import { chmod, copyFile, mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { parseRecord, renderRecord } from "../../src/netboot/record.ts";
import { renderList, stacked as listed } from "../../src/netboot/list.ts";
import { httpServer } from "../../src/serve/http.ts";
import { SavedModules } from "../../src/serve/saved.ts";
import { uploads } from "../../src/serve/uploads.ts";
import { run } from "../../src/system/process.ts";
import { tarTree } from "../../src/tools/tar.ts";
import { manifestOf, readBack, stacked, withoutRoot } from "../build/stack.ts";
import { never, scratch } from "../build/plant.ts";
import type { ManifestEntry } from "../../src/build/tar/manifest.ts";

const program = join(import.meta.dirname, "../../hooks/guest/livewright-save");

/** What the modules hold before anybody changes anything. */
const base: Readonly<Record<string, string>> = {
  "etc/machine-id": "",
  "etc/nsswitch.conf": "passwd: files systemd\n",
  "etc/pam.d/login": "auth required pam_unix.so\nsession optional pam_lastlog.so\n",
  "etc/ssh/sshd_config": "#PasswordAuthentication yes\nUsePAM yes\n",
  "etc/rc0.d/K01hwclock.sh": "stop",
  "etc/rc6.d/K01hwclock.sh": "stop",
  "etc/rcS.d/S01hwclock.sh": "start",
  "etc/rcS.d/S02other": "start",
  "etc/console-setup/cached_setup_font.sh": "font of the base",
  "etc/motd": "hello",
  "etc/fstab": "# nothing",
  "usr/lib/live/.keep": "",
  "srv/kept/a": "a",
  "srv/kept/b": "b",
  "srv/dropped/old": "old",
  "srv/again/old": "must not come back",
  "srv/old-name/deep/file": "deep",
  "srv/old-name/other": "other",
  "srv/gone": "gone",
  "srv/becomes-folder": "a file",
  "var/log/journal/.keep": "",
  "var/lib/dpkg/status": "Package: base\n",
  "var/cache/apt/pkgcache.bin": "cache",
  "home/user/.profile": "profile",
};

/** As a person and programs change a running system. */
const changes = `
echo changed > /etc/motd
rm /srv/gone
rm -r /srv/dropped
rm -r /srv/again; mkdir /srv/again; echo new > /srv/again/new
mv /srv/old-name /srv/new-name; echo added > /srv/new-name/deep/added; rm /srv/new-name/other; mkdir /srv/new-name/empty
rm /srv/becomes-folder; mkdir /srv/becomes-folder; echo in > /srv/becomes-folder/inside
chown 7:8 /srv/kept; chmod 2750 /srv/kept
cp /usr/bin/true /srv/ping; setcap cap_net_raw+ep /srv/ping
echo linked > /srv/one; ln /srv/one /srv/two; ln -s one /srv/pointer
setfattr -n user.note -v 'a note' /srv/one
mkfifo /srv/pipe; mknod /srv/null c 1 3
printf odd > "/srv/odd name
with [a] line * end"; printf odd > '/srv/\\back'; mkdir '/srv/fold[er]*'; echo x > '/srv/fold[er]*/x'
touch -d '2001-02-03 04:05:06' /srv/two
perl -MIO::Socket::UNIX -e 'IO::Socket::UNIX->new(Local => "/srv/socket", Listen => 1)'
mkdir -p /home/user/.cache; echo c > /home/user/.cache/c; echo 'secret command' > /home/user/.bash_history; echo mine > /home/user/mine
mkdir -p /home/user/.config/app/chat_history /home/user/work/.cache; echo d > /home/user/.config/app/chat_history/db; echo c > /home/user/work/.cache/kept
`;

/** What is never saved, each made here as a running system makes it. */
const unwanted = `
echo 0123456789abcdef0123456789abcdef > /etc/machine-id
mkdir -p /etc/ssh /etc/network; echo key > /etc/ssh/ssh_host_ed25519_key; echo conf > /etc/ssh/sshd_config
echo 'overlay / overlay rw 0 0' > /etc/fstab; echo auto lo > /etc/network/interfaces; echo nameserver 192.0.2.1 > /etc/resolv.conf
mkdir -p /var/lib/dhcp /var/lib/systemd /var/lib/apt/lists /var/log/web; echo lease > /var/lib/dhcp/lease; echo seed > /var/lib/systemd/random-seed
echo list > /var/lib/apt/lists/list; echo bin > /var/cache/apt/pkgcache.bin; echo said > /var/log/web/access; echo said > /var/log/syslog
chown 33:33 /var/log/web; echo t > /tmp/t; echo t > /var/tmp/t; echo typed > /root/.bash_history
`;

/** What each start and use of a system does to files that nobody has changed. Behind /usr here is the host's. */
const untouched = `
sed -i s/systemd// /etc/nsswitch.conf; echo 'passwd: files systemd' > /etc/nsswitch.conf; touch /srv/kept/a; ln -sfn a /srv/link
sed -i '/^[^#].*pam_lastlog\\.so/s/^/# /' /etc/pam.d/login
sed -i 's|#\\(PasswordAuthentication\\) yes|\\1 no|' /etc/ssh/sshd_config
rm -f /etc/rc?.d/*hwclock*; echo font > /etc/console-setup/cached_setup_font.sh; echo keys > /etc/console-setup/cached_setup_keyboard.sh
touch /root/.sudo_as_admin_successful /home/user/.sudo_as_admin_successful; chmod 1777 /tmp /var/tmp
mkdir -p /run/live/overlay/rw/usr/lib/live/mount; chmod 700 /srv/again; chmod 755 /srv/again
`;

const unsaved =
  /^(etc\/(machine-id|fstab|resolv\.conf|network\/interfaces|ssh\/ssh_host_.*)|var\/(log\/(web\/access|syslog)|cache\/apt\/.*|tmp\/.*|lib\/(dhcp|apt\/lists)\/.*|lib\/systemd\/random-seed)|tmp(\/.*)?|var\/tmp|root\/\.bash_history|home\/user\/(\.cache\/.*|\.bash_history)|srv\/socket)$/;

interface Wish {
  readonly changes?: string;
  /** Commands in the system; the program is /out/livewright-save. */
  readonly saving: string;
  readonly from?: "network" | "medium";
  /** The kernel's arguments. */
  readonly cmdline?: string;
}

const digests = ["1".repeat(64), "2".repeat(64)];
const list = renderList({
  chain: "base-upper",
  memory: 1,
  modules: listed(digests.map((sha256, at) => ({ sha256, bytes: 1, path: `live/0${String(at + 1)}-x.squashfs` }))),
});

/** Run a live system, change it, and save it. */
async function live(
  folder: string,
  { changes: change = changes, saving, from = "network", cmdline }: Wish,
  signal: AbortSignal,
) {
  for (const name of ["usr", "run", "dev", "proc", "out", "tmp", "var/tmp", "root", "media"])
    await mkdir(join(folder, "base", name), { recursive: true });
  for (const [name, target] of [
    ["bin", "usr/bin"],
    ["sbin", "usr/sbin"],
    ["lib", "usr/lib"],
    ["lib64", "usr/lib64"],
  ] as const)
    await run({ tool: "ln", args: ["-sfn", target, join(folder, "base", name)], signal });
  for (const [path, content] of Object.entries(base)) {
    await mkdir(join(folder, "base", path, ".."), { recursive: true });
    await writeFile(join(folder, "base", path), content);
  }
  await mkdir(join(folder, "upper/etc"), { recursive: true });
  await run({ tool: "ln", args: ["-sfn", "a", join(folder, "base/srv/link")], signal });
  await writeFile(join(folder, "upper/etc/upper"), "upper");
  await copyFile(program, join(folder, "livewright-save"));
  await chmod(join(folder, "livewright-save"), 0o755);
  await writeFile(join(folder, "changes"), change);
  await writeFile(join(folder, "saving"), saving);
  await writeFile(join(folder, from === "medium" ? "medium" : "list"), list);
  if (cmdline !== undefined) await writeFile(join(folder, "cmdline"), `${cmdline}\n`);
  const { tool, args } = tarTree("system");
  await writeFile(join(folder, "read"), [tool, ...args].join(" ").replaceAll("*", "'*'"));
  const script = join(import.meta.dirname, "live-system.sh");
  await run({ tool: "unshare", args: ["--mount", "--pid", "--fork", "--kill-child", "sh", script, folder], signal });
  const text = async (name: string): Promise<string> =>
    existsSync(join(folder, name)) ? readFile(join(folder, name), "utf8") : "";
  return {
    out: (await readdir(join(folder, "out"))).sort(),
    said: await text("out/said"),
    status: Number((await text("out/status")) || "0"),
    left: (await text("run.left")).split("\n").filter((name) => name.startsWith("livewright-")),
    drafts: (await text("tmp.left")).split("\n").filter((name) => name.includes("livewright")),
    shown: async () => withoutRoot(manifestOf(await readFile(join(folder, "live.tar")))),
    record: async (name: string) => parseRecord(await text(`out/${name}.module`)),
    recordText: async (name: string) => text(`out/${name}.module`),
  };
}

const save = (words: string): string => `/out/livewright-save ${words} > /out/said 2>&1 < /dev/null`;

/** What is compared: squashfs holds whole seconds, and in /root nothing was changed but what is never saved. */
const comparable = (entries: readonly ManifestEntry[]): ManifestEntry[] =>
  entries
    .filter(({ path }) => !unsaved.test(path))
    .map(({ mtime, ...entry }) => ({
      ...entry,
      ...(mtime === undefined || entry.path === "root" ? {} : { mtime: Math.floor(mtime) }),
    }));

const saveMine = save("mine --to /out");
const stack = ["01-base.squashfs", "02-upper.squashfs", "out/mine.squashfs"];

describe("a system saved from inside", () => {
  test("is, stacked on its modules again, what it was", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: changes + unwanted, saving: saveMine }, signal);
    expect(seen.said).toMatch(/saved as \/out\/mine\.squashfs, \d+ bytes, with its record beside it/);
    expect(seen.status).toBe(0);
    expect(seen.out).toEqual(["mine.module", "mine.squashfs", "said"]);
    const before = comparable(await seen.shown());
    const again = comparable(withoutRoot(await stacked(place.path, stack)));
    expect(again).toEqual(before);
    const paths = again.map(({ path }) => path);
    for (const path of ["srv/new-name/deep/file", "srv/again/new", "srv/odd name\nwith [a] line * end", "srv/\\back"])
      expect(paths).toContain(path);
    for (const path of ["srv/gone", "srv/dropped", "srv/again/old", "srv/old-name", "srv/new-name/other"])
      expect(paths).not.toContain(path);
    expect(again.find(({ path }) => path === "srv/ping")?.xattrs).toHaveProperty(["security.capability"]);
    expect(again.find(({ path }) => path === "srv/two")?.type).toBe("link");
  });

  test("leaves out what was deleted while it was being saved, and says how much that was", async ({ signal }) => {
    await using place = await scratch();
    const tar = String.raw`#!/bin/sh\nrm /srv/pointer /home/user/mine\nexec /usr/bin/tar "$@"\n`;
    const saving = `mkdir /out/bin; printf '${tar}' > /out/bin/tar; chmod +x /out/bin/tar; PATH=/out/bin:$PATH ${saveMine}`;
    const seen = await live(place.path, { saving }, signal);
    expect(seen.said).toMatch(/warning: 2 files were deleted while being saved, and are left out/);
    expect(seen.status).toBe(0);
    const paths = (await readBack(join(place.path, "out/mine.squashfs"))).map(({ path }) => path);
    expect(paths).not.toContain("srv/pointer");
    expect(paths).not.toContain("home/user/mine");
    expect(paths).toContain("srv/one");
  });

  test("replaces nothing that somebody else saved meanwhile", async ({ signal }) => {
    await using place = await scratch();
    const squash = String.raw`#!/bin/sh\necho theirs > /out/mine.squashfs\nexec /usr/bin/mksquashfs "$@"\n`;
    const saving = `mkdir /out/bin; printf '${squash}' > /out/bin/mksquashfs; chmod +x /out/bin/mksquashfs; PATH=/out/bin:$PATH ${saveMine}`;
    const seen = await live(place.path, { saving }, signal);
    expect([seen.status, seen.said]).toEqual([4, expect.stringContaining("/out/mine.squashfs is there by now")]);
    expect(seen.out).not.toContain("mine.module");
    expect(await readFile(join(place.path, "out/mine.squashfs"), "utf8")).toBe("theirs\n");
  });

  test("is no module when something could not be read, whatever else was deleted", async ({ signal }) => {
    await using place = await scratch();
    const told = ["./srv/pointer: Cannot stat: No such file or directory", "./srv/one: Read error at byte 0"];
    const tar = String.raw`#!/bin/sh\n${told.map((line) => `echo "tar: ${line}" >&2`).join("\\n")}\n/usr/bin/tar "$@"; exit 2\n`;
    const saving = `mkdir /out/bin; printf '${tar}' > /out/bin/tar; chmod +x /out/bin/tar; PATH=/out/bin:$PATH ${saveMine}`;
    const seen = await live(place.path, { saving }, signal);
    expect(seen.said).toMatch(/the changes cannot be read: .*srv\/one: Read error/);
    expect(seen.status).toBe(1);
    expect(seen.out).not.toContain("mine.squashfs");
  });

  test("carries nothing of its identity, its session, its logs and its caches", async ({ signal }) => {
    await using place = await scratch();
    await live(place.path, { changes: changes + unwanted, saving: saveMine }, signal);
    const paths = (await readBack(join(place.path, "out/mine.squashfs"))).map(({ path }) => path);
    expect(paths.filter((path) => unsaved.test(path))).toEqual([]);
    expect(paths).toContain("etc/ssh/sshd_config");
    expect(paths).toContain("home/user/mine");
    const after = await stacked(place.path, stack);
    expect(after.find(({ path }) => path === "var/log/web")).toMatchObject({ uid: 33, gid: 33 });
    expect(after.find(({ path }) => path === "etc/machine-id")).toMatchObject({ size: 0 });
  });

  const savedOf = async (change: string, { signal }: { readonly signal: AbortSignal }): Promise<readonly string[]> => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: `${untouched}\n${change}`, saving: saveMine }, signal);
    expect([seen.status, seen.said]).toEqual([0, expect.not.stringContaining("warning")]);
    const paths = (await readBack(join(place.path, "out/mine.squashfs"))).map(({ path }) => path);
    return paths.filter((path) => path !== ".").sort();
  };

  test("carries what a person changed, and no file that is the same below or that each start makes anew", async (it) => {
    const change = "mkdir /opt; echo kept > /opt/kept; rm /etc/motd; mv /srv/old-name /srv/new-name";
    const moved = ["", "/deep", "/deep/file", "/other"].map((path) => `srv/new-name${path}`);
    expect(await savedOf(change, it)).toEqual(
      ["etc", "etc/motd", "opt", "opt/kept", "srv", ...moved, "srv/old-name"].sort(),
    );
  });

  test.each([
    ["a mode", "chmod 600 /srv/kept/a", "srv/kept/a"],
    ["an owner", "chown 7 /srv/kept/a", "srv/kept/a"],
    ["an attribute", "setfattr -n user.note -v n /srv/kept/a", "srv/kept/a"],
    ["content of the same size", "echo -n b > /srv/kept/a", "srv/kept/a"],
    ["where a link leads", "ln -sfn b /srv/link", "srv/link"],
    ["a folder's mode", "chmod 700 /srv/again", "srv/again"],
    ["that a file has two names", "ln /srv/kept/a /srv/kept/c", "srv/kept/a"],
    [
      "that a file is in a folder that was made anew",
      "rm -r /srv/kept; mkdir /srv/kept; echo -n a > /srv/kept/a",
      "srv/kept/a",
    ],
    ["that a file's folder was renamed", "mv /srv/kept /srv/moved; mv /srv/moved /srv/kept", "srv/kept/a"],
    [
      "more of what live-config changes, too",
      "echo 'auth required pam_faillock.so' >> /etc/pam.d/login",
      "etc/pam.d/login",
    ],
    ["that a server takes passwords", "echo PasswordAuthentication yes > /etc/ssh/sshd_config", "etc/ssh/sshd_config"],
  ])("carries what a person changed: %s", async (_, change, path) => {
    expect(await savedOf(change, { signal: never() })).toContain(path);
  });

  test("carries all changes, with a warning, when it cannot see the modules below", async ({ signal }) => {
    await using place = await scratch();
    const without = "mkdir /out/bin; ln -s /bin/false /out/bin/findmnt; PATH=/out/bin:$PATH";
    const seen = await live(place.path, { changes: untouched, saving: `${without} ${saveMine}` }, signal);
    expect([seen.status, seen.said]).toEqual([0, expect.stringContaining("the modules below cannot be seen")]);
    const paths = (await readBack(join(place.path, "out/mine.squashfs"))).map(({ path }) => path);
    expect(paths).toContain("etc/nsswitch.conf");
    expect(paths).not.toContain("etc/rc0.d/K01hwclock.sh");
  });

  test("needs no overlay to follow renamed folders: of its marks only whiteouts and opaque folders are there", async ({
    signal,
  }) => {
    await using place = await scratch();
    const nested =
      "mv /srv/new-name /srv/newer; mv /srv/newer/deep /srv/newer/deeper; mv /srv/kept '/srv/ke[p]t*'; setfattr -n user.note -v n /srv/newer\n";
    const seen = await live(place.path, { changes: changes + nested, saving: saveMine }, signal);
    const entries = await readBack(join(place.path, "out/mine.squashfs"));
    const marks = new Set(
      entries.flatMap(({ xattrs = {} }) => Object.keys(xattrs)).filter((name) => name.includes("overlay")),
    );
    expect([...marks]).toEqual(["trusted.overlay.opaque"]);
    const before = comparable(await seen.shown());
    expect(before.map(({ path }) => path)).toContain("srv/newer/deeper/added");
    expect(comparable(withoutRoot(await stacked(place.path, stack)))).toEqual(before);
  });

  test("says what it is and which modules it stands on, as it was told over the network", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { saving: saveMine }, signal);
    const record = await seen.record("mine");
    const module = await readFile(join(place.path, "out/mine.squashfs"));
    expect(record).toEqual({
      format: 1,
      name: "mine",
      chain: "base-upper-mine",
      parent: digests[1],
      below: digests,
      sha256: createHash("sha256").update(module).digest("hex"),
      bytes: module.length,
      configuration: true,
    });
    expect(await seen.recordText("mine")).toBe(renderRecord(record));
    expect((await stat(join(place.path, "out/mine.squashfs"))).mode & 0o777).toBe(0o400);
  });

  test("stands on those modules that live-boot was told to stack", async ({ signal }) => {
    await using place = await scratch();
    const saving = `echo 01-base.squashfs > /run/live/medium/live/desk.module; ${saveMine}`;
    const seen = await live(place.path, { saving, from: "medium", cmdline: "boot=live module=desk quiet" }, signal);
    expect(await seen.record("mine")).toMatchObject({ chain: "base-mine", below: [expect.any(String)] });
  });

  test("reads on a medium which modules it stands on", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { saving: saveMine, from: "medium" }, signal);
    const digest = async (name: string): Promise<string> =>
      createHash("sha256")
        .update(await readFile(join(place.path, name)))
        .digest("hex");
    const below = [await digest("01-base.squashfs"), await digest("02-upper.squashfs")];
    expect(await seen.record("mine")).toMatchObject({ chain: "base-upper-mine", below, parent: below[1] });
  });

  test.each([
    ["installed packages", "echo 'Package: more' >> /var/lib/dpkg/status", false],
    ["replaced what dpkg knows", "rm -r /var/lib/dpkg; mkdir /var/lib/dpkg", false],
    ["removed what dpkg knows", "rm -r /var/lib/dpkg", false],
    ["renamed a folder above it", "mv /var/lib /var/lab; mv /var/lab /var/lib", false],
    ["only looked at packages", "touch /var/lib/dpkg/lock; chmod 700 /var/lib/dpkg", true],
  ])("knows whether it is configuration only: whoever %s", async (_, change, configuration) => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: change, saving: saveMine }, never());
    expect(await seen.record("mine")).toMatchObject({ configuration });
  });
});

describe("livewright-save", () => {
  test("replaces a module only when told to, and does not save the old one in the new", async ({ signal }) => {
    await using place = await scratch();
    const saving =
      "cd /srv; S=/out/livewright-save; $S mine --to . 2>/dev/null; $S mine --to . 2>> /out/said; echo $? >> /out/said; echo more > /srv/more; $S mine --to /srv/mine.squashfs --force; cp mine.* /out/";
    const seen = await live(place.path, { saving }, signal);
    expect(seen.said).toMatch(/\/srv\/mine\.squashfs is there already; --force replaces it\n4\n$/);
    const paths = (await readBack(join(place.path, "out/mine.squashfs"))).map(({ path }) => path);
    expect(paths).toContain("srv/more");
    expect(paths.filter((path) => path.includes("mine.") || path.includes("livewright"))).toEqual([]);
  });

  const spoken = "for try in $(seq 500); do grep -q saving /out/said && break; sleep 0.02; done; sleep 0.1";
  test.each(["INT", "TERM"])("leaves nothing behind when it is stopped by SIG%s midway", async (name) => {
    await using place = await scratch();
    const big = "head -c 300000000 /dev/urandom > /srv/big";
    // A job of a shell without job control ignores SIGINT from its start, as a person's does not.
    const begin =
      "perl -e '$SIG{INT} = \"DEFAULT\"; exec @ARGV' /out/livewright-save mine --to /out 2> /out/said < /dev/null & job=$!";
    const saving = `: > /out/said; ${begin}; ${spoken}; kill -${name} $job; wait $job; echo $? >> /out/said; ps -eo comm > /out/ps`;
    const seen = await live(place.path, { changes: big, saving }, never());
    expect(seen.said).toMatch(new RegExp(`stopped; nothing is left behind\\n${name === "INT" ? "130" : "143"}\\n$`));
    expect(seen.out).toEqual(["ps", "said"]);
    expect(await readFile(join(place.path, "out/ps"), "utf8")).not.toMatch(/tar|mksquashfs/);
    expect(seen.left).toEqual([]);
  });

  test("says how much space there is and how much it takes", async ({ signal }) => {
    await using place = await scratch();
    const big = "head -c 8000000 /dev/urandom > /srv/big";
    const small =
      "mount -t tmpfs -o size=1m tmpfs /media; /out/livewright-save mine --to /media 2> /out/said; s=$?; ls -A /media >> /out/said; umount /media; exit $s";
    const seen = await live(place.path, { changes: big, saving: small }, signal);
    expect(seen.status).toBe(8);
    expect(seen.said).toMatch(
      /^livewright-save: too little space in \/media: it has 1048576 bytes, and 8000000 bytes of changes would not fit even well compressed\n$/,
    );
  });

  test("says so when the space ends while it writes, and leaves nothing", async ({ signal }) => {
    await using place = await scratch();
    const big = "head -c 8000000 /dev/urandom > /srv/big";
    const small =
      "mount -t tmpfs -o size=4m tmpfs /media; /out/livewright-save mine --to /media 2> /out/said; s=$?; ls -A /media >> /out/said; umount /media; exit $s";
    const seen = await live(place.path, { changes: big, saving: small }, signal);
    expect(seen.status).toBe(8);
    expect(seen.said).toMatch(
      /no space in \/media: it had 4194304 bytes, and the changes are 8000000 bytes before compression\n$/,
    );
  });

  test("tells all that is wrong with its words at once", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: "", saving: save("Mine --too --to ftp://x/ more") }, signal);
    expect(seen.status).toBe(2);
    expect(seen.said).toBe(
      [
        "--too is no option",
        "more: one name is enough",
        'NAME must be small letters, digits and . _ + -, not "Mine"',
        "ftp://x/: only http:// and https:// take uploads",
        "see livewright-save --help",
      ]
        .map((line) => `livewright-save: ${line}\n`)
        .join(""),
    );
  });

  test("refuses a name that is below already", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: "", saving: save("upper --to /out") }, signal);
    expect(seen.status).toBe(2);
    expect(seen.said).toMatch(/a module called upper is below already \(base-upper\)/);
  });

  test("says that it wants a live system, and root", async () => {
    const outside = async (tool: string, args: readonly string[]): Promise<string> =>
      run({ tool, args, signal: never() }).then(
        () => "",
        (error: unknown) => String(error),
      );
    expect(await outside("bash", [program, "mine", "--to", "/tmp"])).toMatch(
      /no running live system with its changes in an overlay/,
    );
    const nobody = ["--reuid=65534", "--clear-groups", "bash", program, "mine", "--to", "/tmp"];
    expect(await outside("setpriv", nobody)).toMatch(
      /only root may read the whole system: sudo livewright-save mine --to \/tmp/,
    );
  });
});

interface Asked {
  readonly method: string;
  readonly url: string;
  readonly authorization: string;
  readonly match: string;
  readonly bytes: Buffer;
}

/** A server that keeps what it is sent and answers as it is told. */
async function listening(status: number): Promise<AsyncDisposable & { readonly url: string; readonly asked: Asked[] }> {
  const asked: Asked[] = [];
  const server = createServer((request, response) => {
    const pieces: Buffer[] = [];
    request.on("data", (piece: Buffer) => pieces.push(piece));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      const { authorization = "", "if-match": match = "" } = headers;
      asked.push({ method, url, authorization, match, bytes: Buffer.concat(pieces) });
      response.writeHead(status).end("as it was told");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  return {
    url: `http://127.0.0.1:${String((server.address() as AddressInfo).port)}/saved`,
    asked,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe("livewright-save to a server", () => {
  const secret = "c2VjcmV0IHRva2Vu+/==";
  /** What a list of processes shows of curl: its words and its environment. */
  const watching = `mkdir /srv/bin; printf '#!/bin/sh\\nprintf "%%s\\\\n" "$@" >> /run/seen\\nenv >> /run/seen\\nexec /usr/bin/curl "$@"\\n' > /srv/bin/curl; chmod +x /srv/bin/curl; printf '%s\\n' '${secret}' > /root/token`;
  const watched = (words: string): string =>
    `PATH=/srv/bin:$PATH /out/livewright-save mine --to ${words} > /out/said 2>&1; s=$?; cp /run/seen /out/; exit $s`;

  test("sends module and record, with a token that no list of processes shows", async ({ signal }) => {
    await using place = await scratch();
    await using server = await listening(201);
    const seen = await live(
      place.path,
      { changes: watching, saving: watched(`${server.url} --token-file /root/token`) },
      signal,
    );
    expect(seen.said).toMatch(/sent to http:.*\/saved\/mine\.squashfs, \d+ bytes, with its record beside it\n$/);
    expect(server.asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
      "PUT /saved/mine.squashfs",
      "PUT /saved/mine.module",
    ]);
    expect(server.asked.map(({ authorization }) => authorization)).toEqual([`Bearer ${secret}`, `Bearer ${secret}`]);
    const shown = await readFile(join(place.path, "out/seen"), "utf8");
    expect(shown).toMatch(/--upload-file/);
    expect(shown).not.toContain(secret);
    const record = parseRecord(server.asked[1]!.bytes.toString("utf8"));
    expect(record.sha256).toBe(createHash("sha256").update(server.asked[0]!.bytes).digest("hex"));
    expect(seen.drafts).toEqual([]);
    expect(seen.left).toEqual([]);
  });

  test("asks to replace what is there only with --force, and reads a token from standard input", async ({ signal }) => {
    await using place = await scratch();
    await using server = await listening(201);
    const saving = `echo '${secret}' | /out/livewright-save mine --to ${server.url}/ --token-file - --force > /out/said 2>&1`;
    expect((await live(place.path, { saving }, signal)).status).toBe(0);
    expect(server.asked.map(({ match, authorization }) => [match, authorization])).toEqual([
      ["*", `Bearer ${secret}`],
      ["*", `Bearer ${secret}`],
    ]);
  });

  test("with --force is kept by livewright's own server, whether something is there or not", async ({ signal }) => {
    await using place = await scratch();
    const saved = join(place.path, "saved");
    await mkdir(saved);
    const whole: string[] = [];
    const complete = (name: string): string => String(whole.push(name));
    const receive = uploads({ saved: new SavedModules(saved), token: secret, limit: 1e9, complete });
    const report = (): void => undefined;
    await using server = await httpServer({ root: saved, address: "127.0.0.1", port: 0, report, receive });
    const once = `echo '${secret}' | /out/livewright-save mine --to http://127.0.0.1:${String(server.port)}/saved --token-file - --force`;
    const saving = `(${once} && head -c 3000000 /dev/urandom > /srv/much && ${once}) > /out/said 2>&1`;
    const seen = await live(place.path, { changes: "echo > /srv/x", saving }, signal);
    expect(seen.status, seen.said).toBe(0);
    expect(whole).toEqual(["mine", "mine"]);
    const paths = (await readBack(join(saved, "mine.squashfs"))).map(({ path }) => path);
    expect(paths).toContain("srv/much");
  });

  test.each([
    [401, 4, /the server refuses it: as it was told/],
    [409, 4, /is there already: as it was told/],
    [413, 8, /the server has no room: as it was told/],
    [405, 4, /this server takes no uploads/],
    [500, 1, /the server answered 500 as it was told/],
  ])("says what an answer of %i means", async (answer, status, message) => {
    await using place = await scratch();
    await using server = await listening(answer);
    const seen = await live(place.path, { changes: "echo > /srv/x", saving: save(`mine --to ${server.url}`) }, never());
    expect(seen.said).toMatch(message);
    expect(seen.status).toBe(status);
    expect(seen.drafts).toEqual([]);
  });

  test("says that nobody answers, and to try again later", async ({ signal }) => {
    await using place = await scratch();
    const seen = await live(place.path, { changes: "", saving: save("mine --to http://127.0.0.1:1/saved") }, signal);
    expect(seen.said).toMatch(
      /http:\/\/127\.0\.0\.1:1\/saved\/mine\.squashfs cannot be sent: curl: .*(refused|connect)/i,
    );
    expect(seen.status).toBe(75);
  });
});
