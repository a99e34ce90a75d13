import { Failure } from "../../failure.ts";
import type { TarEntry } from "./entry.ts";
import { readable } from "./manifest.ts";

/**
 * A member as every host, user and day would record it: whole seconds, none after `epoch`; of the extended attributes
 * those that squashfs holds and that mean the same elsewhere. The root directory itself is always 0755 root:root at `epoch`:
 * mksquashfs takes it from its options, not from a tar.
 */
export function canonical(entry: TarEntry, epoch: number): TarEntry {
  if (entry.path === ".") return { ...entry, mode: 0o755, uid: 0, gid: 0, mtime: epoch, xattrs: new Map() };
  const mtime = Math.min(Math.max(Math.floor(entry.mtime), 0), epoch);
  const xattrs = new Map([...entry.xattrs].flatMap(([name, value]) => kept(entry, decoded(name), value)));
  return { ...entry, mode: modeWithoutAcl(entry), mtime, xattrs };
}

/** A member of a finished module: everything is kept but marks that its overlay left and that mean nothing elsewhere. */
export function published(entry: TarEntry): TarEntry {
  const xattrs = new Map([...entry.xattrs].filter(([name, value]) => isKept(entry, name, value)));
  return { ...entry, xattrs };
}

function isKept(entry: TarEntry, name: string, value: Buffer): boolean {
  const mark = overlayMark.exec(name)?.[1];
  if (mark === undefined) return true;
  if (name.startsWith("user."))
    throw unfollowed(
      entry,
      name,
      "translate user.overlay.opaque to trusted.overlay.opaque, as live-boot's overlay reads it",
    );
  return meaning(entry, name, value) === "opaque";
}

/** Access control lists cannot live in squashfs. */
export const hasAcl = ({ xattrs }: TarEntry): boolean => [...xattrs.keys()].some((name) => name.startsWith(acl));

const acl = "system.posix_acl_";

/**
 * Under an access control list the mode's group bits are its mask, so that leaving out the list alone could give the group
 * more than it had. The list is a version and entries of tag, permissions, id (linux/posix_acl_xattr.h).
 */
function modeWithoutAcl({ mode, xattrs }: TarEntry): number {
  const list = xattrs.get(`${acl}access`);
  if (list === undefined) return mode;
  const groupTag = 0x04;
  for (let at = 4; at + 8 <= list.length; at += 8)
    if (list.readUInt16LE(at) === groupTag) return mode & (0o7707 | (list.readUInt16LE(at + 2) << 3));
  return mode;
}

/** The kernel marks an overlay's upper directory with `trusted.overlay.*`, or `user.overlay.*` in a user namespace. */
const overlayMark = /^(?:trusted|user)\.overlay\.(.*)$/;

/** Marks that hold file handles and counts of this very mount, and mean nothing elsewhere. */
const localMarks = new Set(["origin", "impure", "uuid", "nlink", "upper", "protattr"]);

/** What a mark means to another overlay. Those that it would have to follow elsewhere are refused. */
function meaning(entry: TarEntry, name: string, value: Buffer): "opaque" | "nothing" {
  const mark = overlayMark.exec(name)?.[1] ?? "";
  if (mark === "opaque" && value.toString("latin1") === "y") return "opaque";
  if (localMarks.has(mark)) return "nothing";
  throw unfollowed(entry, name, "record layers with redirect_dir=off,metacopy=off");
}

const unfollowed = (entry: TarEntry, name: string, remedy: string): Failure =>
  new Failure(
    "step-failed",
    `${readable(entry.path)} has the overlay mark ${name}, which no other overlay could follow`,
    {
      remedy,
    },
  );

function kept(entry: TarEntry, name: string, value: Buffer): [string, Buffer][] {
  if (overlayMark.test(name))
    return meaning(entry, name, value) === "opaque" ? [["trusted.overlay.opaque", value]] : [];
  if (name === "security.capability" || name.startsWith("user.")) return [[name, value]];
  if (name.startsWith("trusted.") && !name.startsWith("trusted.SGI_ACL_")) throw unseen(entry, name);
  return [];
}

/** XFS shows its access control lists as trusted.SGI_ACL_*; labels and checksums in security.* are the build machine's own. */
const unseen = (entry: TarEntry, name: string): Failure =>
  new Failure(
    "step-failed",
    `${readable(entry.path)} has the attribute ${name}, which a user namespace can neither see nor set`,
    {
      remedy: "remove it in the hook or package that sets it; user.* and security.capability are kept",
    },
  );

/** GNU tar escapes "=" and "%" in names of extended attributes; squashfs-tools takes them as they stand. */
function decoded(name: string): string {
  const plain = name.replaceAll("%3D", "=").replaceAll("%25", "%");
  if (plain.includes("="))
    throw new Failure("step-failed", `an extended attribute is called ${plain}: no tar can carry a name with "="`);
  return plain;
}
