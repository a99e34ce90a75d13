#!/bin/sh
# A live system as live-boot stacks it, in namespaces of its own, for livewright-save to run in. Called as
#
#   unshare --mount --pid --fork --kill-child sh live-system.sh FOLDER
#
# FOLDER holds `base` and `upper` (folders that become two modules), `changes` (run in the system, as a person would change it), `saving`
# (run in it afterwards), `medium` (yes: the modules lie where a medium has them; else the netboot list does), `read` (the tar command
# that reads the folder `system`), and `livewright-save`. It gets `live.tar`, what the system shows at the end, without what is mounted in it;
# `out` is /out in the system, `cmdline`, if there, its kernel's arguments.
set -eu
cd "$1"
mount --make-rprivate /
mount -t proc proc /proc
mount -t tmpfs tmpfs /run
mkdir -p /run/live/overlay /run/live/rootfs /run/live/medium/live out
count=0
lowers=''
for layer in base upper; do
  count=$((count + 1))
  file=0$count-$layer.squashfs
  if [ ! -e "$file" ]; then mksquashfs "$layer" "$file" -quiet -no-progress -noappend > mksquashfs.log; fi
  mkdir "/run/live/rootfs/$file"
  mount -o loop,ro "$file" "/run/live/rootfs/$file"
  lowers=/run/live/rootfs/$file${lowers:+:$lowers}
  if [ -e medium ]; then
    cp "$file" /run/live/medium/live/
    echo "$file" >> /run/live/medium/live/filesystem.module
  fi
done
if [ -e list ]; then
  mkdir /run/livewright
  cp list /run/livewright/list
fi
mount -t tmpfs -o rw,noatime,mode=755 tmpfs /run/live/overlay
mkdir /run/live/overlay/rw /run/live/overlay/work system
mount -t overlay -o "noatime,lowerdir=$lowers,upperdir=/run/live/overlay/rw,workdir=/run/live/overlay/work,redirect_dir=on" overlay system
chmod 0755 system

mount --rbind /usr system/usr
mount --rbind /run system/run
mount --rbind /dev system/dev
mount -t proc proc system/proc
mount --bind out system/out
if [ -e cmdline ]; then mount --bind cmdline system/proc/cmdline; fi
chroot system sh -euc "$(cat changes)"
cp livewright-save out/
# A person at a terminal has a group of processes of their own.
setsid --wait chroot system bash -c "$(cat saving)" || echo $? > out/status
rm -f out/livewright-save
ls -A /run > run.left
ls -A /run/live/overlay/rw/var/tmp > tmp.left 2> /dev/null || true

# The system without what is mounted in it.
umount -R system/usr system/run system/dev system/proc system/out
sh -c "$(cat read)" > live.tar
umount system
