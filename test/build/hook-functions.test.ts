import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, realpath, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, test } from "vitest";
import { checkout } from "../livewright.ts";

/** Paths below a folder, as hooks of initramfs-tools may name them. */
const paths = [
  ...["", "/", "/file", "/folder", "/folder/", "//folder//file", "/folder/file", "/folder/./file", "/folder/../file"],
  ...["/link", "/link/file", "/to-file", "/dangling", "/dangling/x", "/loop", "/absent", "/absent/x", "/file/x"],
  ...["/folder/.", "/folder/..", "/a b", "/-dash", "/folder/link-up/file", "/new\nline"],
];
const calls = ["realpath -ms", "realpath -s", "realpath -e", "realpath", "readlink -f", "readlink -e", "readlink"];

/** Every call on every path, answered first by coreutils and then by the functions. Lines are what differed. */
const compare = `
. "$1"
for path in "$@"; do
  for call in ${calls.map((call) => `"${call}"`).join(" ")}; do
    theirs=$(command $call "$path" 2>&1; echo "status $?"); ours=$($call "$path" 2>&1; echo "status $?")
    if [ "$theirs" != "$ours" ]; then printf '%s %s: %s, not %s\\n' "$call" "$path" "$ours" "$theirs"; fi
  done
done
for call in "realpath" "readlink -f" "readlink -f /bin /lib" "realpath -ms / /" "readlink -f /bin" "readlink -f /lib"; do
  theirs=$(command $call 2>&1; echo "status $?"); ours=$($call 2>&1; echo "status $?")
  if [ "$theirs" != "$ours" ]; then printf '%s: %s, not %s\\n' "$call" "$ours" "$theirs"; fi
done
cd "$2" && mkdir -p made/deep && mkdir -p made/deep && test -d made/deep && ! mkdir -p file 2> /dev/null && ! mkdir made 2> /dev/null
`;

test.each(["sh", "bash"])("what %s answers for coreutils is what they would have answered", async (shell) => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "functions-")));
  try {
    await mkdir(join(folder, "folder"));
    for (const file of ["file", "folder/file", "a b", "-dash", "new\nline"]) await writeFile(join(folder, file), "");
    const links = { link: "folder", "to-file": "file", dangling: "nowhere", loop: "loop", "folder/link-up": ".." };
    for (const [name, target] of Object.entries(links)) await symlink(target, join(folder, name));
    const named = [
      folder,
      ...paths.map((path) => `${folder}${path}`),
      "",
      ".",
      "/",
      "//",
      "/bin",
      "/bin/sh",
      "/usr/bin",
    ];
    const functions = join(checkout, "hooks/hook-functions.sh");
    const { stdout } = await promisify(execFile)(shell, ["-uc", compare, shell, functions, ...named]);
    expect(stdout).toBe("");
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("a file that lies in the initramfs already is not copied again, and all else is left to initramfs-tools", async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "functions-")));
  try {
    for (const name of ["lib", "made/there/lib", "made/there/folder"])
      await mkdir(join(folder, name), { recursive: true });
    for (const file of ["lib/one.ko", "lib/two.ko", "made/there/lib/one.ko"]) await writeFile(join(folder, file), "");
    const ask = `
livewright_copy_file() { printf 'theirs: %s\\n' "$*"; }
DESTDIR=$2/made
. "$1"
cd "$2"
for file in lib/one.ko lib/two.ko lib/absent.ko; do copy_file module "$2/$file" "/there/$file"; echo "$?"; done
copy_file module "$2/lib/one.ko" /there/lib; copy_file module "$2/lib/one.ko" /there/folder/; copy_file module "$2/lib/one.ko" /there/lib/../lib/one.ko
`;
    const functions = join(checkout, "hooks/hook-functions.sh");
    const { stdout } = await promisify(execFile)("sh", ["-uc", ask, "sh", functions, folder]);
    expect(stdout.replaceAll(folder, "").trim().split("\n")).toEqual([
      "1",
      ...["theirs: module /lib/two.ko /there/lib/two.ko", "0"],
      ...["theirs: module /lib/absent.ko /there/lib/absent.ko", "0"],
      "theirs: module /lib/one.ko /there/lib",
      "theirs: module /lib/one.ko /there/folder/",
      "theirs: module /lib/one.ko /there/lib/../lib/one.ko",
    ]);
  } finally {
    await rm(folder, { recursive: true });
  }
});

test("modules that are not in the initramfs yet are copied folder by folder, with their firmware asked for at once", async () => {
  const folder = await realpath(await mkdtemp(join(tmpdir(), "functions-")));
  try {
    // What modprobe would name: programs of this machine that are there for sure, and one by way of a link.
    const ask = `
livewright_copy_file() { printf 'theirs: %s\\n' "$*" >&3; }
livewright_manual_add_modules() { printf 'all theirs\\n' >&3; }
modinfo() { shift 4; printf 'modinfo %s\\n' "$*" >&3; printf 'some/firmware\\n'; }
add_firmware() { printf 'firmware %s\\n' "$1" >&3; return 1; }
cp() { printf 'cp\\n' >&3; command cp "$@"; }
exec 3>&1
DESTDIR=$2/made version=1 CONFDIR=$2/asked
. "$1"
livewright_named_modules() { printf '%s\\n' /bin/true /sbin/chroot /bin/env /bin/true /bin/which /bin/livewright-gone; }
manual_add_modules any
echo again
livewright_named_modules() { printf '%s\\n' /bin/true; }
manual_add_modules any
manual_add_modules
`;
    const functions = join(checkout, "hooks/hook-functions.sh");
    const asked = async (): Promise<readonly string[]> =>
      (await promisify(execFile)("sh", ["-euc", ask, "sh", functions, folder])).stdout.trim().split("\n");
    expect(await asked()).toEqual([
      ...["theirs: module /bin/which", "cp", "cp"],
      ...["modinfo /bin/env /bin/true /bin/which /sbin/chroot", "firmware some/firmware", "again"],
    ]);
    for (const path of ["bin/env", "bin/true", "sbin/chroot"])
      expect(await readFile(join(folder, "made/usr", path))).toEqual(await readFile(join("/usr", path)));

    await mkdir(join(folder, "asked"));
    await writeFile(join(folder, "asked/modules"), "# only what stands here is missed\nloop\n");
    expect(await asked()).toEqual(["all theirs", "again", "all theirs"]);
  } finally {
    await rm(folder, { recursive: true });
  }
});
