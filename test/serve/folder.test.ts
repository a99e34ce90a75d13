import { chmodSync, cpSync, existsSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { networkInterfaces } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readFolder, refuseUnreadable, spoiltIn } from "../../src/serve/folder.ts";
import { livewright } from "../livewright.ts";
import { ordinaryUser } from "../ordinary-user.ts";
import { fixture, type Fixture } from "./fixture.ts";

const { signal } = new AbortController();
let made: Fixture;
beforeEach(() => {
  made = fixture();
});
afterEach(() => {
  made[Symbol.dispose]();
});
const remove = (path: string): void => {
  rmSync(join(made.served, path), { recursive: true });
};

test("a netboot folder tells its record and its lists by name", async () => {
  const { record, lists } = await readFolder(made.served);
  expect(record.name).toBe("demo");
  expect([...lists.keys()]).toEqual(["default"]);
  expect(lists.get("default")?.modules.map(({ path }) => path)).toEqual(["live/01-base.squashfs"]);
});

describe("refused with a sentence is", () => {
  test("a folder that lacks what makes it one", async () => {
    remove("lists");
    remove(".disk");
    const message = `${made.served} is not a netboot folder: it has no lists/ and no .disk/livewright.json`;
    await expect(readFolder(made.served)).rejects.toMatchObject({ code: "usage", message });
  });

  test("one without any list", async () => {
    remove("lists/default.modules");
    await expect(readFolder(made.served)).rejects.toThrow("there is no list of modules in its lists/");
  });

  test("one with a list that is cut off, by line", async () => {
    made.write("lists/default.modules", "livewright-modules 1\nchain base\n");
    await expect(readFolder(made.served)).rejects.toThrow(/default\.modules, line 3: /);
  });

  test("one whose record is no JSON, or of a later program", async () => {
    made.write(".disk/livewright.json", "{");
    await expect(readFolder(made.served)).rejects.toMatchObject({ code: "verification-failed" });
    made.write(".disk/livewright.json", '{"format": 2}');
    await expect(readFolder(made.served)).rejects.toThrow("made by a newer livewright");
  });

  test("a file, and nothing at all", async () => {
    await expect(readFolder(join(made.above, "secret"))).rejects.toThrow("is not a netboot folder: it is not a folder");
    await expect(readFolder(join(made.above, "absent"))).rejects.toMatchObject({ code: "usage" });
  });

  test("one with files that the servers, who work as nobody, could not read", async () => {
    chmodSync(join(made.served, "live/01-base.squashfs"), 0o600);
    await expect(refuseUnreadable(made.served)).rejects.toMatchObject({
      message: `not everybody may read ${made.served}/live/01-base.squashfs`,
      remedy: `chmod --recursive a+rX ${made.served}`,
    });
  });

  test("nothing that cannot be compared, either", async () => {
    remove("SHA256SUMS");
    expect(await spoiltIn(made.served, signal)).toEqual(["SHA256SUMS is missing, so nothing can be compared with it"]);
  });
});

test("what is not as its sums say is named, file by file", async () => {
  expect(await spoiltIn(made.served, signal)).toEqual([]);
  made.write("pxelinux.0", "changed\n");
  remove("boot.ipxe");
  expect(await spoiltIn(made.served, signal)).toEqual(["pxelinux.0 is not as it was made", "boot.ipxe is missing"]);
});

test.each([
  { says: "is not a netboot folder", status: 2, words: (): string[] => [made.above] },
  { says: "pxelinux.0 is not as it was made", status: 5, words: (): string[] => [made.served, "--verify"] },
  { says: "lies in the folder that is served", status: 2, words: (): string[] => [made.served, ...uploads("live")] },
  { says: "others than its owner may read", status: 4, words: (): string[] => [made.served, ...uploads("..")] },
  {
    says: "Two IPv4 addresses are wanted",
    status: 2,
    words: (): string[] => [made.served, "--dhcp-range", "10.0.0.9"],
  },
  { says: "A port is a number", status: 2, words: (): string[] => [made.served, "--http-port", "70000"] },
])("the command refuses: $says", async ({ says, status, words }) => {
  made.write("pxelinux.0", "changed\n");
  writeFileSync(join(made.above, "token"), "correct-horse-battery-staple", {
    mode: says.startsWith("others") ? 0o644 : 0o600,
  });
  const done = await livewright(
    ["serve", ...words(), "--http-port", "18098"].slice(0, says.startsWith("A port") ? 4 : 99),
  );
  expect(done).toMatchObject({ status, stdout: "" });
  expect(done.stderr).toContain(says);
});
const uploads = (to: string): string[] => [
  ...["--uploads", join(made.served, to), "--token-file", join(made.above, "token")],
];

describe("an ordinary user", () => {
  test("serves to this machine by HTTP, and is told what is missing for more", async () => {
    await using user = await ordinaryUser();
    const folder = join(user.home, "demo.netboot");
    cpSync(made.served, folder, { recursive: true });
    const done = await user.livewright(["serve", folder, "--http-port", "18097"], { stopAfter: 4 });
    expect(done.stdout).toMatch(/^Ready: demo 1 .* at http:\/\/127\.0\.0\.1:18097\/\n/);
    expect(done.stdout).toContain("only by HTTP: TFTP's port is root's");
    expect(done.stdout).toContain("\nFor a network: sudo livewright serve DIR --interface NAME\n");
    expect(done.status).toBe(130);
  });

  test.each(["live", "."])("is told what not everybody may read, though that is somebody else's: %s", async (path) => {
    await using user = await ordinaryUser();
    const folder = join(user.home, "demo.netboot");
    cpSync(made.served, folder, { recursive: true });
    chmodSync(join(folder, path), 0o700);
    const done = await user.livewright(["serve", folder]);
    expect([done.status, done.stderr]).toEqual([
      2,
      `not everybody may read ${join(folder, path)}\nTry: sudo chmod --recursive a+rX ${folder}\n`,
    ]);
  });

  const [network = ""] = Object.entries(networkInterfaces())
    .filter(([, addresses = []]) => addresses.some(({ family, internal }) => family === "IPv4" && !internal))
    .map(([name]) => name);
  // The machine reaches its archive by this network.
  test("may not answer a network, and is told why", async () => {
    await using user = await ordinaryUser();
    const folder = join(user.home, "demo.netboot");
    cpSync(made.served, folder, { recursive: true });
    const done = await user.livewright(["serve", folder, "--interface", network]);
    expect(done.status).toBe(3);
    expect(done.stderr).toContain(`only root may answer on ${network} by TFTP and DHCP`);
  });
});

test("a request is a line of JSON on standard output when that is asked for, after one that says it is ready", async () => {
  let asked = false;
  const stopWhen = async (): Promise<boolean> => {
    if (asked) return true;
    const answer = await fetch("http://127.0.0.1:18096/pxelinux.0").catch(() => undefined);
    if (answer !== undefined) asked = (await answer.text()) !== "";
    return false; // What came of it is told when the answer has gone.
  };
  const done = await livewright(["serve", made.served, "--http-port", "18096", "--json"], { stopWhen });
  const [ready, request] = done.stdout
    .trim()
    .split("\n")
    .map((line) => JSON.parse(line) as object);
  expect(ready).toEqual({
    kind: "ready",
    folder: made.served,
    http: "http://127.0.0.1:18096",
    tftp: "tftp://127.0.0.1",
  });
  expect(request).toMatchObject({
    kind: "request",
    by: "http",
    client: "127.0.0.1",
    what: "GET /pxelinux.0",
    outcome: "200, sent",
  });
  expect(done.status).toBe(130);
});

test("a folder that a build puts in the place of the one that is served ends the server, which says so", async () => {
  let seen = false;
  const stopWhen = async (): Promise<boolean> => {
    const answer = await fetch("http://127.0.0.1:18097/pxelinux.0").catch(() => undefined);
    if (answer === undefined || seen) return false;
    seen = true;
    cpSync(made.served, `${made.served}.new`, { recursive: true });
    renameSync(made.served, `${made.served}.former`);
    renameSync(`${made.served}.new`, made.served);
    return false;
  };
  const done = await livewright(["serve", made.served, "--http-port", "18097"], { stopWhen });
  expect(done.status).toBe(75);
  expect(done.stderr).toContain(`another folder was put in the place of ${made.served}\nTry: start it again`);
});

test("uploads into what is served are refused before anything is written, but those beside it are not", async () => {
  const token = join(made.served, "../token");
  writeFileSync(token, "a-word-of-many-letters\n", { mode: 0o600 });
  const inside = join(made.served, "saved");
  const refused = await livewright(["serve", made.served, "--uploads", inside, "--token-file", token]);
  expect([refused.status, refused.stderr]).toEqual([2, expect.stringContaining("lies in the folder that is served")]);
  expect(existsSync(inside)).toBe(false);
  const words = ["serve", made.served, "--http-port", "18098", "--token-file", token];
  const fine = await livewright([...words, "--uploads", join(made.served, "..")], { stopAfter: 3 });
  expect(fine.status, fine.stderr).toBe(130);
});
