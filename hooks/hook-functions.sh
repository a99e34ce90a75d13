# shellcheck shell=sh
# Read after initramfs-tools' own hook-functions. For each of some 4 000 files these start realpath twice, readlink twice and
# mkdir once, nearly always to be told what the shell can tell by itself; starting them takes two thirds of mkinitramfs' time.
# What is answered here is what coreutils would answer (realpath(1), readlink(1)); all else is left to them.

livewright_bin=$(command readlink -f /bin)

# An absolute path without anything to leave out of it, put into $livewright_path.
livewright_plain() {
  livewright_path=$1
  while :; do
    case $livewright_path in //*) livewright_path=${livewright_path#/} ;; *) break ;; esac
  done
  case $livewright_path in
    */ | *//* | */./* | */../* | */. | */..) return 1 ;;
    /*) return 0 ;;
  esac
  return 1
}

realpath() {
  if [ $# -eq 2 ] && livewright_plain "$2" && { [ "$1" = -ms ] || { [ "$1" = -s ] && [ -e "$2" ]; }; }; then
    printf '%s\n' "$livewright_path"
  else
    command realpath "$@"
  fi
}

readlink() {
  if [ $# -eq 2 ] && [ "$1" = -f ] && [ "$2" = /bin ]; then
    printf '%s\n' "$livewright_bin"
  elif [ $# -eq 2 ] && [ "$1" = -f ] && livewright_plain "$2" && [ -e "$2" ] && livewright_unlinked "$livewright_path"; then
    printf '%s\n' "$livewright_path"
  else
    command readlink "$@"
  fi
}

# Neither a path nor a folder on the way to it is a symbolic link.
livewright_unlinked() {
  set -- "$1"
  while [ -n "$1" ]; do
    if [ -L "$1" ]; then return 1; fi
    set -- "${1%/*}"
  done
}

mkdir() {
  if [ $# -eq 2 ] && [ "$1" = -p ] && [ -d "$2" ]; then return 0; fi
  command mkdir "$@"
}

# Of the modules that modprobe names most were named before and lie in the initramfs already, which theirs finds out with three programs.
if command -v livewright_copy_file > /dev/null; then
  copy_file() { # TYPE SOURCE [TARGET]
    if [ -f "$2" ] && livewright_plain "/${3:-$2}" && [ -e "$DESTDIR$livewright_path" ] && [ ! -d "$DESTDIR$livewright_path" ]; then
      return 1
    fi
    livewright_copy_file "$@"
  }
fi
