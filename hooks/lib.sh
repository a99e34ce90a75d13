# shellcheck shell=sh
# What hooks of the program share, read with `.`; expects $root. Whatever is mounted here ends with the namespaces the hook runs in.
#
#   LIVEWRIGHT_SOURCES   file: the build mirror's apt sources, in deb822 form
#   LIVEWRIGHT_KEYS      folder of keyrings that the sources name, or empty
#   LIVEWRIGHT_ARCHIVES  folder of downloaded packages, shared between builds

root=${root:?set it before reading lib.sh}

say() { printf 'livewright: %s\n' "$*"; }

# What others wrote - maintainer scripts, the recipe's hooks - cannot mount, and so cannot reach what is not in the root.
contained() { setpriv --bounding-set=-sys_admin,-sys_ptrace -- "$@" < /dev/null; }

inside() { contained chroot "$root" "$@"; }

mount_kernel_filesystems() {
  mount -t proc -o nosuid,nodev,noexec proc "$root/proc"
  # Without root a sysfs of its own goes with a network of its own only.
  mount -t sysfs -o ro,nosuid,nodev,noexec sysfs "$root/sys" 2>/dev/null || mount --rbind /sys "$root/sys"
  mount --rbind /mnt/dev "$root/dev"
  mount -t tmpfs -o mode=0755,nosuid,nodev tmpfs "$root/run"
  mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs "$root/tmp"
}

# The image's own sources stay untouched below these mounts: they are back when the namespace ends, even if we are killed.
swap_sources() {
  mkdir -p "$root/etc/apt/sources.list.d"
  mount -t tmpfs -o mode=0755 tmpfs "$root/etc/apt/sources.list.d"
  cp "$LIVEWRIGHT_SOURCES" "$root/etc/apt/sources.list.d/build.sources"
  if [ -e "$root/etc/apt/sources.list" ]; then mount --bind /dev/null "$root/etc/apt/sources.list"; fi
  if [ -n "${LIVEWRIGHT_KEYS:-}" ]; then
    mkdir "$root/run/livewright-keys"
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

prepare_apt() {
  swap_sources
  borrow_network
  if [ -n "${LIVEWRIGHT_ARCHIVES:-}" ]; then
    mount --bind "$LIVEWRIGHT_ARCHIVES" "$root/var/cache/apt/archives"
    # apt downloads as a user of its own.
    inside chown _apt /var/cache/apt/archives/partial
  fi
}

apt() {
  inside env DEBIAN_FRONTEND=noninteractive DEBCONF_NONINTERACTIVE_SEEN=true DEBCONF_NOWARNINGS=yes \
    APT_LISTCHANGES_FRONTEND=none NEEDRESTART_SUSPEND=1 LC_ALL=C.UTF-8 \
    apt-get --yes --quiet=1 -o APT::Keep-Downloaded-Packages=true \
      -o APT::Install-Recommends=true -o APT::Get::AutomaticRemove=false -o APT::Color=0 \
      -o Acquire::Languages=none -o Acquire::Retries=3 -o Acquire::http::Timeout=60 \
      -o Debug::NoLocking=true -o Dpkg::Progress-Fancy=0 -o Dpkg::Use-Pty=0 -o Dpkg::Options::=--force-confold -o Dpkg::Options::=--force-unsafe-io \
      "$@"
}

# Bring packages into the shared folder, one build at a time: two must not write one file. The root itself is ours alone,
# so apt's own locks are not needed in it.
download() {
  if [ -z "${LIVEWRIGHT_ARCHIVES:-}" ]; then return; fi
  (
    flock 9
    apt --download-only "$@"
  ) 9> "$LIVEWRIGHT_ARCHIVES/.lock"
}

# Download the packages LIVEWRIGHT_UNPACK and all they depend on, verified by apt, and unpack them over the root.
unpack_packages() {
  mount_kernel_filesystems
  prepare_apt
  say "reading the archive"
  apt update
  say "downloading $LIVEWRIGHT_UNPACK"
  # With an empty folder for downloads, apt names every file, also those that the shared folder has.
  mkdir -p "$root/tmp/none/partial"
  # shellcheck disable=SC2086 # names of packages
  inside apt-get -o Dir::Cache::Archives=/tmp/none --yes --quiet=1 -o APT::Install-Recommends=false -o Acquire::Languages=none --print-uris install $LIVEWRIGHT_UNPACK |
    sed -n "s/^'[^']*' \([^ ]*\) .*/\1/p" > "$root/run/wanted"
  # shellcheck disable=SC2086
  download -o APT::Install-Recommends=false install $LIVEWRIGHT_UNPACK
  while read -r package; do
    say "unpacking $package"
    # Not dpkg-deb --extract: it would put a folder in the place of the link /lib.
    dpkg-deb --fsys-tarfile "$root/var/cache/apt/archives/$package" | tar --extract --directory="$root" --keep-directory-symlink
  done < "$root/run/wanted"
}
