import { createHash } from "node:crypto";
import { mkdir, readFile, rm, symlink, utimes, writeFile } from "node:fs/promises";
import { createServer } from "node:net";
import { describe, expect, test } from "vitest";
import { sealLayer, type Sealed } from "../../src/build/seal-layer.ts";
import type { ManifestEntry } from "../../src/build/tar/manifest.ts";
import { capture, run } from "../../src/system/process.ts";
import { never, plant, scratch, type Plant } from "./plant.ts";

const epoch = 1_700_000_000;

/** A capability as the kernel keeps it (VFS_CAP_REVISION_2): cap_net_raw permitted and effective. */
const capability = Buffer.from("0100000200200000000000000000000000000000", "hex");

const layer: readonly Plant[] = [
  { path: ".", type: "directory", mode: 0o700 },
  { path: "etc", type: "directory", xattrs: { "trusted.overlay.opaque": "y", "trusted.overlay.origin": "\0\x01here" } },
  { path: "etc/b", content: "b", mode: 0o4755, uid: 12, gid: 34, mtime: epoch + 5 },
  { path: "etc/a", type: "link", target: "etc/b" },
  { path: "ping", content: Buffer.alloc(300_000, "p"), xattrs: { "security.capability": capability, "user.note": "" } },
  { path: "gone", type: "character", mode: 0, device: [0, 0] },
  { path: "lnk", type: "symlink", target: "../elsewhere" },
  { path: "d".repeat(120), type: "directory" },
];

interface Result extends Sealed {
  readonly sha256: string;
  readonly manifest: readonly ManifestEntry[];
  readonly said: readonly string[];
}

async function seal(folder: string, upper: string): Promise<Result> {
  const said: string[] = [];
  const [tar, manifest] = [`${folder}/layer.tar`, `${folder}/manifest`];
  const sealed = await sealLayer({ upper, tar, manifest, epoch, signal: never(), onLine: (line) => said.push(line) });
  const bytes = await readFile(tar);
  expect(sealed.bytes).toBe(bytes.length);
  const lines = (await readFile(manifest, "utf8")).trimEnd().split("\n");
  return {
    ...sealed,
    sha256: createHash("sha256").update(bytes).digest("hex"),
    manifest: lines.map((line) => JSON.parse(line) as ManifestEntry),
    said,
  };
}

describe("a layer sealed by the real tar, as root", () => {
  test("is recorded whole: owners, modes, links, deletions, capabilities", async () => {
    await using folder = await scratch();
    await plant(`${folder.path}/upper`, layer);
    const { manifest, entries, aclsRemoved } = await seal(folder.path, `${folder.path}/upper`);
    expect(entries).toBe(layer.length);
    expect(aclsRemoved).toEqual([]);
    const by = new Map(manifest.map((entry) => [entry.path, entry]));
    expect([...by.keys()]).toEqual([".", "d".repeat(120), "etc", "etc/a", "etc/b", "gone", "lnk", "ping"]);
    expect(by.get(".")).toMatchObject({ mode: "0755", uid: 0, gid: 0, mtime: epoch });
    expect(by.get("etc")?.xattrs).toEqual({ "trusted.overlay.opaque": "eQ==" });
    expect(by.get("etc/a")).toMatchObject({ type: "file", mode: "4755", uid: 12, gid: 34, size: 1, mtime: epoch });
    expect(by.get("etc/b")).toEqual({ path: "etc/b", type: "link", target: "etc/a" });
    expect(by.get("gone")).toMatchObject({ type: "character", mode: "0000", device: "0:0" });
    expect(by.get("lnk")).toMatchObject({ type: "symlink", target: "../elsewhere" });
    expect(by.get("ping")).toMatchObject({
      size: 300_000,
      sha256: createHash("sha256").update(Buffer.alloc(300_000, "p")).digest("hex"),
      xattrs: { "security.capability": capability.toString("base64"), "user.note": "" },
    });
  });

  test("has the same bytes in another place, with another umask, made in another order, on another day", async () => {
    await using folder = await scratch();
    await plant(`${folder.path}/one`, layer);
    const one = await seal(folder.path, `${folder.path}/one`);
    const mask = process.umask(0o077);
    try {
      await plant(`${folder.path}/two`, [
        ...layer.filter(({ type }) => type === "directory"),
        { path: "etc/b", content: "b", mode: 0o4755, uid: 12, gid: 34, mtime: epoch + 99 },
        { path: "etc/a", type: "link", target: "etc/b" },
        ...layer.filter(({ path, type }) => type !== "directory" && !path.startsWith("etc/")).reverse(),
      ]);
      await utimes(`${folder.path}/two/${"d".repeat(120)}`, 1000, 1000);
      await utimes(`${folder.path}/two/etc`, 1000.5, 1000.75);
    } finally {
      process.umask(mask);
    }
    expect((await seal(folder.path, `${folder.path}/two`)).sha256).toBe(one.sha256);
  });

  test("can be unpacked by tar as the tree that it was", async () => {
    await using folder = await scratch();
    await plant(`${folder.path}/upper`, layer);
    const { sha256 } = await seal(folder.path, `${folder.path}/upper`);
    await mkdir(`${folder.path}/again`);
    const args = ["-xpf", `${folder.path}/layer.tar`, "--numeric-owner", "--xattrs", "--xattrs-include=*"];
    await run({ tool: "tar", args: [...args, "-C", `${folder.path}/again`], signal: never() });
    expect((await seal(folder.path, `${folder.path}/again`)).sha256).toBe(sha256);
  });

  test("is what a real overlay recorded: deletion, opaque directory, rename, new mode", async () => {
    await using folder = await scratch();
    const script = [
      "mkdir lower upper work merged; mkdir lower/dir lower/old; echo 1 >lower/a; echo 2 >lower/b; echo 3 >lower/dir/c; echo 4 >lower/old/d",
      "mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,redirect_dir=off,metacopy=off merged",
      "rm merged/a; chmod 600 merged/b; rm -r merged/dir; mkdir merged/dir; echo 5 >merged/dir/e",
      "mkdir merged/new; mv merged/old/d merged/new/d",
    ].join("\n");
    await run({ tool: "unshare", args: ["--mount", "sh", "-ec", script], cwd: folder.path, signal: never() });
    const { manifest } = await seal(folder.path, `${folder.path}/upper`);
    const by = new Map(manifest.map((entry) => [entry.path, entry]));
    expect([...by.keys()]).toEqual([".", "a", "b", "dir", "dir/e", "new", "new/d", "old", "old/d"]);
    expect(by.get("a")).toMatchObject({ type: "character", device: "0:0" });
    expect(by.get("b")).toMatchObject({ type: "file", mode: "0600" });
    expect(by.get("dir")?.xattrs).toEqual({ "trusted.overlay.opaque": "eQ==" });
    expect(by.get("old/d")).toMatchObject({ type: "character", device: "0:0" });
    const marks = manifest.flatMap(({ xattrs = {} }) => Object.keys(xattrs));
    expect(new Set(marks)).toEqual(new Set(["trusted.overlay.opaque"]));
  });

  test("is the same whether root recorded it or an ordinary user's overlay did", async () => {
    await using folder = await scratch();
    const record = (name: string, marks: string, how: readonly string[]): Promise<unknown> => {
      const script = [
        `mkdir ${name}; cd ${name}; mkdir -p lower/dir/sub lower/old upper work merged; echo 1 >lower/a; echo 2 >lower/old/d; cp /bin/true lower/tool`,
        `mount -t overlay overlay -o lowerdir=lower,upperdir=upper,workdir=work,${marks} merged`,
        "rm merged/a; rm -r merged/dir; mkdir merged/dir; mv merged/old/d merged/d; mv merged/old merged/new; ln -s d merged/link",
        "setcap cap_net_raw+ep merged/tool; chmod 4750 merged/d; touch -d @1000 upper/dir upper/new upper upper/link -h",
      ].join("\n");
      return run({
        tool: "unshare",
        args: [...how, "--mount", "sh", "-ec", script],
        cwd: folder.path,
        signal: never(),
      });
    };
    await record("root", "redirect_dir=off,metacopy=off", []);
    await record("user", "userxattr", ["--user", "--map-root-user"]);
    const [root, user] = [
      await seal(folder.path, `${folder.path}/root/upper`),
      await seal(folder.path, `${folder.path}/user/upper`),
    ];
    expect(user.manifest).toEqual(root.manifest);
    expect(user.sha256).toBe(root.sha256);
    const by = new Map(user.manifest.map((entry) => [entry.path, entry]));
    for (const gone of ["a", "old"]) expect(by.get(gone)).toMatchObject({ type: "character", device: "0:0" });
    expect(by.get("dir")?.xattrs).toEqual({ "trusted.overlay.opaque": "eQ==" });
    expect(by.get("tool")?.xattrs).toEqual({ "security.capability": capability.toString("base64") });
  });

  test("tells which access control lists it leaves out, and leaves out sockets", async () => {
    await using folder = await scratch();
    const list = "0200000001000700ffffffff02000700e803000004000500ffffffff10000700ffffffff20000500ffffffff";
    const xattrs = { "system.posix_acl_access": Buffer.from(list, "hex") };
    await plant(`${folder.path}/upper`, [
      { path: "journal", type: "directory", mode: 0o775, xattrs },
      { path: "plain" },
    ]);
    const server = createServer().listen(`${folder.path}/upper/socket`);
    const { aclsRemoved, manifest, said } = await seal(folder.path, `${folder.path}/upper`);
    server.close();
    expect(aclsRemoved).toEqual(["journal"]);
    expect(manifest.map(({ path }) => path)).toEqual([".", "journal", "plain"]);
    expect(manifest[1]).toMatchObject({ mode: "0755" });
    expect(said.join()).toContain("socket ignored");
  });

  test("is refused when a rename was recorded as a redirect", async () => {
    await using folder = await scratch();
    await plant(`${folder.path}/upper`, [
      { path: "moved", type: "directory", xattrs: { "trusted.overlay.redirect": "/a" } },
    ]);
    await expect(seal(folder.path, `${folder.path}/upper`)).rejects.toThrow(/moved has the overlay mark/);
  });

  test("fails with the reason when there is no such directory, no space, or no time", async () => {
    await using folder = await scratch();
    await expect(seal(folder.path, `${folder.path}/nothing`)).rejects.toMatchObject({ code: "step-failed" });
    await writeFile(`${folder.path}/file`, Buffer.alloc(3_000_000));
    await rm(`${folder.path}/layer.tar`);
    await mkdir(`${folder.path}/tree`);
    await writeFile(`${folder.path}/tree/big`, Buffer.alloc(3_000_000));
    await symlink("/dev/full", `${folder.path}/layer.tar`);
    await expect(seal(folder.path, `${folder.path}/tree`)).rejects.toMatchObject({ code: "no-space" });
    const wish = { upper: `${folder.path}/tree`, tar: `${folder.path}/t`, manifest: `${folder.path}/m`, epoch };
    await expect(sealLayer({ ...wish, signal: AbortSignal.abort() })).rejects.toThrow();
  });

  test("leaves no tar running when it fails", async () => {
    await using folder = await scratch();
    await plant(`${folder.path}/upper`, [
      { path: "a", type: "directory", xattrs: { "trusted.overlay.metacopy": "" } },
      { path: "big", content: Buffer.alloc(40_000_000) },
    ]);
    await expect(seal(folder.path, `${folder.path}/upper`)).rejects.toThrow(/overlay mark/);
    const running = await capture({ tool: "ps", args: ["-eo", "args"], signal: never() });
    expect(running).not.toContain(folder.path);
  });
});
