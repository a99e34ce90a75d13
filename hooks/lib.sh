# shellcheck shell=sh
# What hooks of the program share, read with `.`; expects $root. Whatever is mounted here ends with the namespaces the hook runs in.
#
#   LIVEWRIGHT_SOURCES    file: apt sources of the frozen archive, in deb822 form
#   LIVEWRIGHT_KEYS       folder of keyrings that the sources name, or empty
#   LIVEWRIGHT_LISTS      folder: apt's lists of the frozen archive
#   LIVEWRIGHT_APT_CACHE  folder: what apt makes of the lists, kept from one step of a stage to the next
#   LIVEWRIGHT_INDEX      file: what another apt made of them. One of another version, or one that finds other lists, makes its own.

root=${root:?set it before reading lib.sh}

say() { printf 'livewright: %s\n' "$*"; }

# What others wrote - maintainer scripts, the recipe's hooks - cannot mount, and so cannot reach what is not in the root.
contained() { setpriv --bounding-set=-sys_admin,-sys_ptrace -- "$@" < /dev/null; }

inside() { contained chroot "$root" "$@"; }

# Lay a folder's files over the root. Owners, times, umask and set-group-id folders are the checkout's. Who wants a set-user-id
# program says so in a hook.
lay() { # FOLDER
  (cd "$1" &&
    tar --create --owner=0 --group=0 --mode=u+rwX,go+rX,go-w,a-st --mtime="@$SOURCE_DATE_EPOCH" --sort=name .) |
    tar --extract --directory="$root" --keep-directory-symlink --no-overwrite-dir --same-permissions
}

mount_kernel_filesystems() {
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  # Without root a sysfs of its own goes with a network of its own only.
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" 2>/dev/null || mount --rbind /sys "$root/sys"
  mount --rbind /mnt/dev "$root/dev"
  mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$root/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
}

# The image's own sources stay untouched below these mounts: they are back when the namespace ends, even if we are killed.
swap_sources() { # FILE
  mkdir -p "$root/etc/apt/sources.list.d"
  mount -t tmpfs -o mode=0755 tmpfs "$root/etc/apt/sources.list.d"
  cp "$1" "$root/etc/apt/sources.list.d/build.sources"
  if [ -e "$root/etc/apt/sources.list" ]; then mount --bind /dev/null "$root/etc/apt/sources.list"; fi
  if [ -n "${LIVEWRIGHT_KEYS:-}" ]; then
    mkdir -p "$root/run/livewright-keys"
    cp "$LIVEWRIGHT_KEYS"/* "$root/run/livewright-keys/"
  fi
}

borrow_network() {
  if [ -L "$root/etc/resolv.conf" ] || [ ! -e "$root/etc/resolv.conf" ]; then
    if [ -L "$root/etc/resolv.conf" ]; then mv "$root/etc/resolv.conf" "$root/etc/.resolv.conf.image"; fi
    : > "$root/etc/resolv.conf"
    borrowed=yes
  fi
  if [ -e /etc/resolv.conf ]; then mount --bind /etc/resolv.conf "$root/etc/resolv.conf"; fi
}

return_network() {
  if mountpoint -q "$root/etc/resolv.conf"; then umount "$root/etc/resolv.conf"; fi
  if [ "${borrowed:-}" = yes ]; then rm -f "$root/etc/resolv.conf"; fi
  if [ -L "$root/etc/.resolv.conf.image" ]; then mv "$root/etc/.resolv.conf.image" "$root/etc/resolv.conf"; fi
}

# apt reads the frozen archive, and lists that were checked already: it needs neither a network nor an update.
prepare_apt() {
  swap_sources "$LIVEWRIGHT_SOURCES"
  mkdir "$root/run/livewright-archive" "$root/run/livewright-lists"
  mount --bind /mnt/archive "$root/run/livewright-archive"
  mount --bind "$LIVEWRIGHT_LISTS" "$root/run/livewright-lists"
  mount -t tmpfs -o mode=0755 tmpfs "$root/var/lib/apt/lists"
  mkdir "$root/var/lib/apt/lists/partial"
  (cd "$LIVEWRIGHT_LISTS" && printf '/run/livewright-lists/%s\n' _run_*) | xargs ln -s --target-directory="$root/var/lib/apt/lists"
  mkdir -p "$LIVEWRIGHT_APT_CACHE/archives/partial"
  if [ -n "${LIVEWRIGHT_INDEX:-}" ]; then cp -n "$LIVEWRIGHT_INDEX" "$LIVEWRIGHT_APT_CACHE/"; fi
  mount --bind "$LIVEWRIGHT_APT_CACHE" "$root/var/cache/apt"
}

apt() {
  inside env DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true DEBCONF_NOWARNINGS=yes \
    APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \
    apt-get --yes --quiet=1 -o APT::Sandbox::User=root \
      -o APT::Install-Recommends=true -o APT::Get::AutomaticRemove=false -o APT::Color=0 \
      -o Acquire::Languages=none -o Acquire::ForceHash=sha256 \
      -o Debug::NoLocking=true -o Dpkg::Progress-Fancy=0 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \
      "$@"
}

# Unpack the packages in the folder LIVEWRIGHT_UNPACK over the root.
unpack_packages() {
  mount_kernel_filesystems
  for package in "$LIVEWRIGHT_UNPACK"/*.deb; do
    say "unpacking ${package##*/}"
    # Not dpkg-deb --extract: it would put a folder in the place of the link /lib.
    dpkg-deb --fsys-tarfile "$package" | tar --extract --directory="$root" --keep-directory-symlink
  done
}
