# shellcheck shell=sh
# The locale of a root filesystem, read with `.`; expects $root, LIVEWRIGHT_LOCALE, and `inside` to run a program in that root.

root=${root:?set it before reading language.sh}

# The list stays whole, commented as it is: live-config uncomments another line for another language.
want_locale() {
  charset=${LIVEWRIGHT_LOCALE#*.}
  sed -i "s/^# *\($LIVEWRIGHT_LOCALE $charset\)/\1/" "$root/etc/locale.gen"
  grep -qx "$LIVEWRIGHT_LOCALE $charset *" "$root/etc/locale.gen" ||
    printf '%s %s\n' "$LIVEWRIGHT_LOCALE" "$charset" >> "$root/etc/locale.gen"
}

# Digests of all that locale-gen(8) reads and runs.
locale_sources() {
  (cd "$root" && find etc/locale.gen usr/sbin/locale-gen usr/bin/localedef usr/lib/*/libc.so.6 usr/share/locale/locale.alias \
    usr/share/i18n usr/local/share/i18n -type f -print0 2> /dev/null | sort -z | xargs -0 sha256sum)
}

compile_locale() { inside locale-gen; }

# Take what was compiled before of the very same sources, in the folder $1.
take_locale() {
  locale_sources | cmp --quiet - "$1/sources" || return 1
  cp --no-preserve=ownership,timestamps "$1/locale-archive" "$root/usr/lib/locale/locale-archive"
}
