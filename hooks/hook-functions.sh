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

# Modules come by the dozen, and theirs starts cp and modinfo for each of some 800; both take as many files at once. What is asked
# for by name in the image's own list goes their way, which warns where it lacks firmware.
if command -v livewright_manual_add_modules > /dev/null; then
  manual_add_modules() { # MODULE...
    if [ $# -eq 0 ]; then return; fi
    if grep -qs '^[^#]' "${CONFDIR:-/etc/initramfs-tools}/modules"; then
      livewright_manual_add_modules "$@"
      return
    fi
    livewright_added=$(livewright_add_modules "$@")
    if [ -z "$livewright_added" ]; then return; fi
    # shellcheck disable=SC2086,SC2154 # paths, which livewright_add_modules splits likewise; mkinitramfs sets $version
    for livewright_firmware in $(modinfo -k "$version" -F firmware $livewright_added | sort -u); do
      add_firmware "$livewright_firmware" || :
    done
  }

  # Copy modules and those that they need, and say which were not there before. Sorted, those of a folder follow each other.
  livewright_add_modules() {
    livewright_folder=''
    # shellcheck disable=SC2046 # paths of modules hold no blanks
    for livewright_module in $(livewright_named_modules "$@" | sort -u); do
      # Who makes an image small may have removed a module and left it in the list of dependencies.
      if [ ! -f "$livewright_module" ] || [ -e "$DESTDIR/usr$livewright_module" ]; then continue; fi
      if [ "${livewright_module%/*}" != "$livewright_folder" ]; then
        livewright_copy_gathered "$@"
        set --
        livewright_folder=${livewright_module%/*}
        livewright_apart=yes
        if [ "$livewright_bin" = /usr/bin ] && livewright_unlinked "/usr$livewright_folder"; then livewright_apart=; fi
      fi
      if [ -z "$livewright_apart" ] && [ ! -L "/usr$livewright_module" ]; then
        set -- "$@" "/usr$livewright_module"
      elif ! copy_file module "$livewright_module" >&2; then
        continue
      fi
      printf '%s\n' "$livewright_module"
    done
    livewright_copy_gathered "$@"
  }

  livewright_copy_gathered() {
    if [ -z "$livewright_folder" ] || [ $# -eq 0 ]; then return; fi
    mkdir -p "$DESTDIR/usr$livewright_folder"
    cp -pP --target-directory="$DESTDIR/usr$livewright_folder" -- "$@"
  }

  # The shell reads what programs say byte by byte, and some of them name ten thousand.
  livewright_named_modules() {
    { /sbin/modprobe --all --set-version="$version" --ignore-install --quiet --show-depends "$@"
      /sbin/modprobe --all --set-version="$version" --quiet --show-depends "$@"; } | sed -n 's/^insmod \([^ ]*\).*/\1/p'
  }
fi
