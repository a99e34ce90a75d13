import { expect, test } from "vitest";
import { namesIn } from "../../../src/build/view/names.ts";

test("a script's absolute paths are found, and those of the initramfs are not", () => {
  const { paths } = namesIn(`
if [ -e /etc/crypttab ]; then cp -p /etc/udev/udev.conf "$DESTDIR/etc/udev/"; fi
touch "\${DESTDIR}/etc/fstab" 2>/dev/null
for f in /usr/lib/live/*.sh; do copy_exec "$f" /bin; done
# /etc/commented
. "/usr/share/tool/functions"
`);
  expect(paths).toEqual([
    ...["/etc/crypttab", "/etc/udev/udev.conf", "/dev/null", "/usr/lib/live/*.sh", "/usr/share/tool/functions"],
  ]);
});

test("what a variable completes is any name that begins so, or any word of the script in that folder", () => {
  const { paths, folders, words } = namesIn(
    'for p in ata_id scsi_id; do copy_exec /lib/udev/$p; done\ngrep x "/boot/config-${v}"\n',
  );
  expect(paths).toEqual(["/boot/config-*"]);
  expect(folders).toEqual(["/lib/udev/"]);
  expect(words).toEqual(expect.arrayContaining(["ata_id", "scsi_id"]));
});

test.each([
  ["blkid -p", "blkid"],
  ["x=$(command -v fsck.ext4)", "fsck.ext4"],
  ["if ! command -v ldd >/dev/null; then", "ldd"],
  ["LC_ALL=C env --unset=LD_PRELOAD ldd x | sed y", "sed"],
  ["env --unset=LD_PRELOAD ldd x", "ldd"],
  ["test -x a && which lvm", "lvm"],
])("in %j a command is %s", (line, command) => {
  expect(namesIn(line).commands).toContain(command);
});

test("a variable is no command, whether it gets a value or gives it", () => {
  const script = 'uptime="$(cat /proc/uptime)"\nuptime="${uptime%%[. ]*}"\n{ ldd x; }\n';
  expect(namesIn(script).commands).toEqual(["cat", "ldd"]);
});

test("words of a message are no commands", () => {
  expect(namesIn('echo "W: no file called nano or tree here"\n').commands).toEqual(["echo"]);
});

test("what find looks for by name, and scripts that are read, are told", () => {
  const { sought, sourced } = namesIn(
    "find /lib -name 'libnss_dns.so.*' -o -name '*.link'\n[ -e /x ] && . /usr/lib/tool/functions\n",
  );
  expect(sought).toEqual(["libnss_dns.so.*"]);
  expect(sourced).toEqual(["/usr/lib/tool/functions"]);
});
