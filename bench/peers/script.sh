#!/bin/bash
# A live ISO by hand, as a short script does it: `script.sh TITLE ARGUMENTS PACKAGE...`, in a working folder with
#   sources   the apt sources, one deb line each
#   cache/    downloaded packages, kept from run to run
#   overlay/  files laid over the root
# It writes live.iso and packages, and starts from nothing each time: nothing tells it what a change touches.
set -euo pipefail
title=$1 arguments=$2
shift 2
include=$(IFS=,; echo "$*")

rm -rf chroot medium live.iso
mkdir -p cache medium/live medium/isolinux medium/boot/grub medium/EFI/boot

# shellcheck disable=SC2016 # The hooks' shells expand these.
# The way to keep downloads that mmdebstrap(1) describes, with copies that cost no reading.
mmdebstrap --mode=root --variant=minbase --include="$include" \
  --aptopt='APT::Install-Recommends "true"' \
  --skip=essential/unlink \
  --setup-hook='mkdir -p "$1"/var/cache/apt/archives; cp --link cache/*.deb "$1"/var/cache/apt/archives/ 2> /dev/null || true' \
  --customize-hook='cp --link --update "$1"/var/cache/apt/archives/*.deb cache/ 2> /dev/null || true' \
  --customize-hook='cp --recursive --no-preserve=ownership overlay/. "$1"/' \
  --customize-hook='echo debian > "$1"/etc/hostname' \
  bookworm chroot - < sources
chroot chroot dpkg-query --show > packages

cp chroot/boot/vmlinuz-* medium/live/vmlinuz
cp chroot/boot/initrd.img-* medium/live/initrd.img
mksquashfs chroot medium/live/filesystem.squashfs -comp zstd -Xcompression-level 9 -b 1M -noappend -no-progress -e boot
(cd medium && find . -type f ! -path './isolinux/isolinux.bin' -print0 | sort -z | xargs -0 sha256sum > sha256sum.txt)

cp /usr/lib/ISOLINUX/isolinux.bin medium/isolinux/
cp /usr/lib/syslinux/modules/bios/{ldlinux,libcom32,libutil,menu}.c32 medium/isolinux/
cat > medium/isolinux/isolinux.cfg <<CFG
UI menu.c32
MENU TITLE $title
TIMEOUT 50
LABEL live
  MENU LABEL Live system
  KERNEL /live/vmlinuz
  APPEND initrd=/live/initrd.img $arguments
CFG
cat > medium/boot/grub/grub.cfg <<CFG
set timeout=5
menuentry "$title" {
  search --set=root --file /live/vmlinuz
  linux /live/vmlinuz $arguments
  initrd /live/initrd.img
}
CFG
grub-mkstandalone --format=x86_64-efi --output=medium/EFI/boot/bootx64.efi --locales= --fonts= \
  boot/grub/grub.cfg=medium/boot/grub/grub.cfg
truncate --size=8M medium/boot/grub/efi.img
mkfs.vfat medium/boot/grub/efi.img > /dev/null
mmd -i medium/boot/grub/efi.img ::EFI ::EFI/boot
mcopy -i medium/boot/grub/efi.img medium/EFI/boot/bootx64.efi ::EFI/boot/

xorriso -as mkisofs -o live.iso -V BENCH -iso-level 3 -r -J -joliet-long \
  -isohybrid-mbr /usr/lib/ISOLINUX/isohdpfx.bin -partition_offset 16 \
  -b isolinux/isolinux.bin -c isolinux/boot.cat -no-emul-boot -boot-load-size 4 -boot-info-table \
  -eltorito-alt-boot -e boot/grub/efi.img -no-emul-boot -isohybrid-gpt-basdat \
  medium
