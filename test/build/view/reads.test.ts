import { expect, test } from "vitest";
import { readsOf, type Read } from "../../../src/build/view/reads.ts";
import type { ManifestEntry } from "../../../src/build/tar/manifest.ts";
import { select, viewDigest } from "../../../src/build/view/select.ts";
import type { Tree } from "../../../src/build/stack.ts";
import { manifest, stacked, whiteout } from "./tree.ts";

const scripts: Readonly<Record<string, string>> = {
  "usr/share/initramfs-tools/hooks/disk":
    '#!/bin/sh\n. /usr/lib/disk/functions\nif [ -x /sbin/mdadm ]; then copy_exec /sbin/mdadm /sbin; fi\nfor p in ata_id fido_id; do copy_exec /lib/udev/$p; done\nD=/etc/site; cp -r "$D"/. "$DESTDIR/etc"\n',
  "usr/lib/disk/functions": "read_table() { cat /etc/disktab; command -v lvm; }\n",
};
const base = manifest(
  ...[
    "usr/",
    "usr/bin/",
    "usr/bin/cat=c",
    "usr/sbin/",
    "usr/lib/",
    "usr/lib/libc.so.6=c",
    "usr/lib/udev/",
    "usr/lib/udev/ata_id=a",
  ],
  ...[
    "usr/lib/disk/",
    "usr/share/",
    "usr/share/initramfs-tools/",
    "usr/share/initramfs-tools/hooks/",
    "etc/",
    "etc/ld.so.cache=1",
    "etc/site/",
    "etc/site/a=a",
  ],
  ...[
    "lib -> usr/lib",
    "sbin -> usr/sbin",
    "bin -> usr/bin",
    "usr/bin/vi=editor",
    ...Object.keys(scripts).map((path) => `${path}=x`),
  ],
);
const listing = [
  "drwxr-xr-x   2 root     root            0 Jan  1 00:00 usr/lib",
  "-rw-r--r--   1 root     root            1 Jan  1 00:00 usr/lib/libc.so.6",
  "-rwxr-xr-x   1 root     root            1 Jan  1 00:00 usr/lib/udev/ata_id",
  "-rwxr-xr-x 200 root     root            0 Jan  1 00:00 usr/bin/vi",
  "lrwxrwxrwx   1 root     root            7 Jan  1 00:00 lib -> usr/lib",
  "crw-r--r--   1 root     root       5,   1 Jan  1 00:00 dev/console",
  "-rw-r--r--   1 root     root            1 Jan  1 00:00 etc/ld.so.cache",
  "-rw-r--r--   1 root     root           12 Jan  1 00:00 conf/arch.conf",
].join("\n");
const view = {
  layers: [],
  paths: ["usr/share/initramfs-tools/**"],
  scripts: ["usr/share/initramfs-tools/hooks/*"],
  copied: "copied",
};
const read: Read = (path) => Promise.resolve(scripts[path]);

async function digestWith(...upper: readonly (string | ManifestEntry)[]): Promise<string> {
  const patterns = [...view.paths, ...(await readsOf(stacked(base), view, listing, read))];
  const tree: Tree = stacked(base, manifest(...upper));
  return viewDigest(patterns, select(tree, patterns));
}

test.each([
  ["a library that was copied", "usr/lib/libc.so.6=d"],
  ["a library of that name in another place, which the linker may take", "usr/local/lib/libc.so.6=c"],
  ["a program that was copied", "usr/lib/udev/ata_id=b"],
  ["a program that a hook tries, and was absent", "usr/sbin/mdadm=m"],
  ["a program that a hook names word by word, and was absent", "usr/lib/udev/fido_id=f"],
  ["a command that a script looks for where it reads another", "usr/sbin/lvm=l"],
  ["a command that a hook runs", "usr/bin/cat=d"],
  ["a file that a hook reads if it is there", "etc/disktab=x"],
  ["a script that a hook reads", "usr/lib/disk/functions=y"],
  ["a file more in a folder that a hook names", "etc/site/b=b"],
  ["a hook", "usr/share/initramfs-tools/hooks/other=x"],
  ["a deletion of what was copied", whiteout("usr/lib/udev/ata_id")],
])("the view changes with %s", async (_, upper) => {
  expect(await digestWith(upper)).not.toBe(await digestWith());
});

test.each([
  ["the linker's cache, which every library changes", "etc/ld.so.cache=2"],
  ["a library that nothing copied", "usr/lib/libother.so.1=o"],
  ["a program that busybox stands in for", "usr/bin/vi=another"],
  ["a program that nothing names", "usr/bin/htop=h"],
  ["a user", "etc/passwd=x"],
])("the view does not change with %s", async (_, upper) => {
  expect(await digestWith(upper)).toBe(await digestWith());
});
