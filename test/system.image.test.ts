import { readFile, stat } from "node:fs/promises";
import { hostname } from "node:os";
import { beforeAll, describe, expect, test } from "vitest";
import { capture } from "../src/system/process.ts";
import { livewright, testCache } from "./livewright.ts";
import { builtIso } from "./workshop.ts";

const signal = new AbortController().signal;

/** Ask a shell in the built root filesystem. */
async function inside(recipe: string, script: string): Promise<string> {
  const done = await livewright(["shell", recipe, "--cache", testCache, "--progress", "quiet"], { input: script });
  expect(done.status, done.stderr).toBe(0);
  return done.stdout;
}

/** Hosts that this machine's apt reads. */
async function mirrorHosts(): Promise<readonly string[]> {
  const text = await capture({ tool: "apt-get", args: ["indextargets", "--format", "$(REPO_URI)"], signal });
  return [
    ...new Set(
      text
        .trim()
        .split("\n")
        .map((url) => new URL(url).hostname),
    ),
  ];
}

describe("the system of minimal", () => {
  let iso = "";
  beforeAll(async () => {
    iso = await builtIso("minimal");
  });

  test("knows nothing of the machine that built it", async () => {
    const hosts = await mirrorHosts();
    expect(hosts.length).toBeGreaterThan(0);
    // Documentation and keyring files name Debian's own hosts; what the build writes lies in etc and var.
    const words = [...hosts, ...(hostname().length > 3 ? [hostname()] : [])];
    const found = await inside(
      "minimal",
      `grep -rlF ${words.map((word) => `-e '${word}'`).join(" ")} /etc /var /root /home 2>/dev/null | grep -v '^/var/lib/dpkg/info/\\|^/etc/apt/apt.conf.d/' ; true`,
    );
    expect(found).toBe("");
  });

  test("has its name in /etc/hosts, so that sudo can resolve it", async () => {
    expect(await inside("minimal", "cat /etc/hostname; grep -c '127.0.1.1.*debian' /etc/hosts")).toBe("debian\n1\n");
  });

  test("has the folders that Debian's installer links into /usr, and nothing that would have to move them", async () => {
    const links = ["bin", "sbin", "lib", "lib64"];
    const asked = `cd / && readlink ${links.join(" ")}; ls /etc/apt/preferences.d`;
    const packages = "dpkg-query --show --showformat '${Package} ${Status}\\n' usr-is-merged usrmerge perl 2>/dev/null";
    expect(await inside("minimal", `${asked}; ${packages} | grep ' installed$'; dpkg --audit`)).toBe(
      [...links.map((each) => `usr/${each}`), "usr-is-merged install ok installed\n"].join("\n"),
    );
  });

  test("has the user with a sound hash in group sudo, and root locked", async () => {
    const shadow = await inside("minimal", "getent shadow root user | cut -d: -f1,2; id -nG user");
    expect(shadow).toMatch(/^root:[!*]/m);
    expect(shadow).toMatch(/^user:\$(6|y)\$/m);
    expect(shadow).toMatch(/\bsudo\b/);
  });

  test("has its console's keymap and font made, and newer than what says which: else each start would make them again", async () => {
    const made = "/etc/console-setup/cached_setup_terminal.sh";
    expect(
      await inside(
        "minimal",
        `for each in keyboard console-setup; do [ ${made} -nt /etc/default/$each ] && echo $each; done`,
      ),
    ).toBe("keyboard\nconsole-setup\n");
  });

  test("carries no identity that two machines must not share", async () => {
    const bad = await inside(
      "minimal",
      `test -s /etc/machine-id && echo machine-id
       for path in /var/lib/dbus/machine-id /etc/ssh/ssh_host_*_key /var/lib/systemd/random-seed /var/lib/systemd/credential.secret \\
         /var/lib/urandom/random-seed /etc/ssl/private/ssl-cert-snakeoil.key /var/lib/NetworkManager/secret_key /etc/.pwd.lock \\
         /etc/passwd- /etc/shadow- /etc/group- /etc/gshadow- /var/lib/dhcp/*.leases /root/.bash_history /etc/resolv.conf \\
         /etc/udev/rules.d/70-persistent-net.rules /usr/sbin/policy-rc.d /root/.wget-hsts; do
         if [ -e "$path" ] && [ ! -L "$path" ]; then echo "$path"; fi
       done
       find /var/lib/apt/lists /var/cache/apt -type f ! -name lock
       find /var/log -type f -size +0; true`,
    );
    expect(bad).toBe("");
  });

  test("has its initramfs beside it and in none of its layers, and nothing held back", async () => {
    expect(
      await inside(
        "minimal",
        "ls /boot | grep initrd; dpkg-divert --list '*mkinitramfs*'; readlink -f /usr/sbin/mkinitramfs",
      ),
    ).toBe("/usr/sbin/mkinitramfs\n");
  });

  test("has the image mirror in its sources and components as asked", async () => {
    const sources = await inside(
      "minimal",
      "cat /etc/apt/sources.list.d/*; ls /etc/apt/sources.list 2>/dev/null; true",
    );
    expect(sources).toContain("URIs: http://httpredir.debian.org/debian");
    expect(sources).toContain("URIs: http://security.debian.org/debian-security");
  });

  test("passes inspection, from the outside too", async () => {
    const done = await livewright(["inspect", iso, "--json"]);
    expect(done.status, done.stderr).toBe(0);
    const { findings } = JSON.parse(done.stdout) as { findings: readonly { level: string }[] };
    expect(findings.filter(({ level }) => level === "error")).toEqual([]);
  });

  test("lies beside its sums, packages, contents, log and provenance", async () => {
    const stem = iso.replace(/\.iso$/, "");
    const sums = await readFile(iso.replace(/[^/]*$/, "SHA256SUMS"), "utf8");
    for (const ending of ["iso", "packages", "contents", "build.json", "log"]) {
      expect((await stat(`${stem}.${ending}`)).size).toBeGreaterThan(0);
      expect(sums).toContain(`  ${stem.replace(/.*\//, "")}.${ending}\n`);
    }
    await capture({
      tool: "sha256sum",
      args: ["--check", "--quiet", "SHA256SUMS"],
      cwd: iso.replace(/\/[^/]*$/, ""),
      signal,
    });
  });

  test("tells how it was made, with no path and no mirror of the builder", async () => {
    const text = await readFile(iso.replace(/\.iso$/, ".build.json"), "utf8");
    const { archive, tools, hooks } = JSON.parse(text) as Record<string, Record<string, unknown>>;
    expect(archive?.["codename"]).toBe("bookworm");
    expect(Object.keys(tools ?? {})).toContain("mksquashfs");
    expect(hooks?.["program:hooks/customize"]).toMatchObject({
      commit: expect.stringMatching(/^[0-9a-f]{40}$/) as string,
    });
    for (const word of [...(await mirrorHosts()), testCache]) expect(text).not.toContain(word);
  });
});

test("nothing changed means nothing is done again", async () => {
  await builtIso("minimal");
  const done = await livewright(["plan", "minimal", "--cache", testCache, "--explain"]);
  expect(done.stdout).not.toContain("to build");
  expect(done.stdout).toMatch(/^iso +reused/m);
});

test("a changed title makes the medium again, and plan says why", async () => {
  await builtIso("minimal");
  const done = await livewright(["plan", "minimal", "--cache", testCache, "--explain", "--set", "menu.title=Other"]);
  expect(done.stdout).toMatch(/^layer-settings +reused/m);
  expect(done.stdout).toMatch(/^medium +to build .*\n(?: .*\n)*? +(?:changed|new): step \d+, dress/m);
});

test("in standard, host keys are made when the server starts, and nothing else waits for them", async () => {
  await builtIso("standard");
  const done = await inside(
    "standard",
    `for component in /usr/lib/live/config/*ssh*; do "$component"; done
     ls /etc/ssh | grep host_; grep '^PasswordAuthentication' /etc/ssh/sshd_config
     grep -rl ssh-keygen /etc/systemd/system | sort`,
  );
  expect(done).toBe(
    [
      "PasswordAuthentication no",
      "/etc/systemd/system/livewright-rsa-key.service",
      "/etc/systemd/system/ssh.service.d/host-keys.conf",
      "",
    ].join("\n"),
  );
});
