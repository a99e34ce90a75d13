# shellcheck shell=sh
# The locale and the console's keymap of a root filesystem, read with `.`; expects $root, LIVEWRIGHT_LOCALE, LIVEWRIGHT_KEYBOARD_*, and
# `inside` to run a program in that root. What was compiled before, in another root, is taken if all is the same that it is made of.

root=${root:?set it before reading language.sh}

digests_below() { # PATTERNS [TEST]: of all files there that the test of find(1) lets through, in a fixed order
  # The root's own shell finds what the patterns mean. What they name need not be there.
  inside sh -c "find -L $1 -type f ${2:-} -print0 2> /dev/null | sort -z | xargs -0 --no-run-if-empty b2sum"
}

# The list stays whole, commented as it is: live-config uncomments another line for another language.
want_locale() {
  charset=${LIVEWRIGHT_LOCALE#*.}
  sed -i "s/^# *\($LIVEWRIGHT_LOCALE $charset\)/\1/" "$root/etc/locale.gen"
  grep -qx "$LIVEWRIGHT_LOCALE $charset *" "$root/etc/locale.gen" ||
    printf '%s %s\n' "$LIVEWRIGHT_LOCALE" "$charset" >> "$root/etc/locale.gen"
}

# All that locale-gen(8) reads and runs; of its list, what is not a comment.
locale_sources() {
  sed -n 's/^[[:blank:]]*\([^#[:blank:]].*[^[:blank:]]\)[[:blank:]]*$/\1/p' "$root/etc/locale.gen"
  digests_below '/usr/sbin/locale-gen /usr/bin/localedef /usr/lib/*/libc.so.6 /usr/share/locale/locale.alias \
    /usr/share/i18n /usr/local/share/i18n'
}

compile_locale() { inside locale-gen; }

take_locale() { # FOLDER
  locale_sources | cmp --quiet - "$1/locale.sources" || return 1
  cp --no-preserve=ownership,timestamps "$1/locale-archive" "$root/usr/lib/locale/locale-archive"
}

want_keyboard() {
  mkdir -p "$root/etc/default"
  cat > "$root/etc/default/keyboard" <<EOF
XKBMODEL="$LIVEWRIGHT_KEYBOARD_MODEL"
XKBLAYOUT="$LIVEWRIGHT_KEYBOARD_LAYOUT"
XKBVARIANT="$LIVEWRIGHT_KEYBOARD_VARIANT"
XKBOPTIONS="$LIVEWRIGHT_KEYBOARD_OPTIONS"

BACKSPACE="guess"
EOF
  chmod 0644 "$root/etc/default/keyboard"
}

# All that setupcon(1) and ckbcomp(1) make a keymap of, but for the files that setupcon made itself.
keymap_sources() {
  sed -n '/^[[:blank:]]*#/d; /CHARMAP\|XKB\|KMAP/p' "$root/etc/default/console-setup"
  digests_below '/usr/bin/setupcon /usr/bin/ckbcomp /usr/bin/perl /usr/share/X11/xkb /usr/local/share/X11/xkb /usr/share/consoletrans \
    /etc/console-setup' "! -name 'cached_*'"
}

# setupcon keeps the keymap of a UTF-8 console under this name, and makes it only where it is missing or older than what asks for it.
take_keymap() { # FOLDER
  keymap_sources | cmp --quiet - "$1/keymap.sources" || return 1
  cp --no-preserve=ownership,timestamps "$1/keymap" "$root/etc/console-setup/cached_UTF-8_del.kmap.gz"
}
