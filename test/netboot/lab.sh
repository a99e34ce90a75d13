#!/bin/sh
# A lab bench of two machines in namespaces of their own, which end with it: a server with DHCP, DNS, TFTP and HTTP, and a
# guest that runs its initramfs's live-premount scripts. Called as
#
#   unshare --user --map-root-user --mount --net --pid --fork --kill-child --mount-proc sh lab.sh
#
# LAB_FOLDER holds `served`, `cmdline`, `guest.env` (sourced before the scripts), `setup` (run once both are wired), `dnsmasq.conf`
# and `typed` (what a person types into the shell), and gets `console`, `out` and `requests`. LAB_FAULTS is for the HTTP server,
# which LAB_HTTP=no leaves out. LAB_HOOKS: hooks/initramfs. LAB_NODE: the program node.
set -eu
lab=$LAB_FOLDER
here=$(realpath "$(dirname "$0")")
root=$lab/root

mount -t tmpfs tmpfs /run
ip link set lo up
ip netns add guest
ip link add srv0 type veth peer name eth0 netns guest
ip -n guest link set eth0 address 52:54:00:00:00:01
ip addr add 10.9.0.1/24 dev srv0
ip link set srv0 up
# shellcheck source=/dev/null
. "$lab/setup"

# The guest's initramfs: the programs that Debian puts there, and initramfs-tools' own functions.
mkdir -p "$root" "$lab/out"
mount -t tmpfs tmpfs "$root"
cd "$root"
mkdir -p bin sbin usr/lib lib lib64 etc conf scripts/live-premount proc sys dev run tmp out
for part in lib lib64 usr/lib; do if [ -d "/$part" ]; then mount --rbind "/$part" "$part"; fi; done
cp "$(command -v busybox)" bin/busybox
for applet in $(busybox --list); do
  case $applet in busybox | modprobe | reboot | halt | poweroff) ;; *) ln -s busybox "bin/$applet" ;; esac
done
cp /usr/lib/klibc/bin/ipconfig bin/
echo "hosts: files dns" > etc/nsswitch.conf
cp /usr/share/initramfs-tools/scripts/functions scripts/functions
cp "$LAB_HOOKS"/* scripts/live-premount/
# No machine is restarted by a test; init would not be there to hear it.
printf '#!/bin/sh\necho "rebooted: $*" >> /out/reboot\nkill -9 -1\n' > bin/reboot
chmod +x bin/reboot
mount -t tmpfs tmpfs dev
: > dev/null; mount --bind /dev/null dev/null
: > "$lab/console"; : > dev/console; mount --bind "$lab/console" dev/console
mount --bind "$lab/out" out
cp "$lab/guest.env" conf/guest.env

mkfifo dev/shell
exec 9<> dev/shell
cat "$lab/typed" >&9

# Debug mode: it stays with us, and needs no other user than the only one that this namespace has.
dnsmasq --no-daemon --conf-file="$lab/dnsmasq.conf" 2> "$lab/dnsmasq.log" &
while ! grep -q started "$lab/dnsmasq.log"; do sleep 0.05; done
if [ "${LAB_HTTP:-yes}" = yes ]; then
  "$LAB_NODE" "$here/lab-http.mjs" "$lab" "${LAB_FAULTS:-{\}}" &
  while [ ! -e "$lab/requests" ]; do sleep 0.05; done
fi

# A PID namespace of the guest's own, so that what it starts ends with it.
# shellcheck disable=SC2016 # the inner shell expands them
exec ip netns exec guest unshare --mount --pid --fork --kill-child setpriv --bounding-set=-sys_boot -- sh -euc '
  mount -t proc proc proc
  mount -t sysfs sysfs sys
  mount --bind "$LAB_FOLDER/cmdline" proc/cmdline
  printf "shell -W- (EC p ) 4:64\n" > "$LAB_FOLDER/consoles"
  mount --bind "$LAB_FOLDER/consoles" proc/consoles
  exec env -i PATH=/bin:/sbin chroot . /bin/sh -c "
    . /conf/guest.env
    . /scripts/functions
    run_scripts /scripts/live-premount
    cp /conf/param.conf /out/ 2>/dev/null
    cp -r /run/livewright /out/ 2>/dev/null
    cp /run/systemd/system/*.service /run/livewright-folders/* /out/ 2>/dev/null
    { ip addr; ip route; ls /run; ls /etc; } > /out/left
  "'
