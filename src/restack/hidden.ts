import { opaque } from "../build/stack.ts";
import type { ManifestEntry } from "../build/tar/manifest.ts";

/** The mark by which overlayfs remembers where a renamed folder's content lies below. */
const redirect = "trusted.overlay.redirect";

/** What a member of a module hides of the layers below it. */
export interface Hiding {
  readonly path: string;
  /** A merged folder hides only attributes; everything else hides what was at that path, and all that was in it. */
  readonly of: "attributes" | "everything";
  /** How it does so, for people. */
  readonly how: string;
  /** Another path whose content it shows, so that it depends on that too. */
  readonly shows?: string;
}

/** What a module hides, path by path: files and folders of its own, whiteouts, opaque and renamed folders. */
export const hidingOf = (module: readonly ManifestEntry[]): readonly Hiding[] =>
  module.flatMap((entry) => (entry.path === "." ? [] : [hiding(entry)]));

function hiding({ path, type, device, xattrs = {} }: ManifestEntry): Hiding {
  const shows = redirectOf(path, xattrs[redirect]);
  const from = shows === undefined ? {} : { shows };
  if (type === "character" && device === "0:0") return { path, of: "everything", how: "deletes it" };
  if (type !== "directory")
    return { path, of: "everything", how: `has its own ${type === "link" ? "file" : type}`, ...from };
  if (shows !== undefined) return { path, of: "everything", how: `shows the former ${shows} there`, ...from };
  if (xattrs[opaque] === "eQ==") return { path, of: "everything", how: "replaces the whole folder" };
  return { path, of: "attributes", how: "has its own attributes of the folder" };
}

/** An absolute path is seen from the root, a bare name from the folder above (Linux, Documentation/filesystems/overlayfs.rst). */
function redirectOf(path: string, value: string | undefined): string | undefined {
  if (value === undefined) return undefined;
  const target = Buffer.from(value, "base64").toString("utf8").replace(/\0$/u, "");
  if (target.startsWith("/")) return target.slice(1);
  return path.includes("/") ? `${path.slice(0, path.lastIndexOf("/"))}/${target}` : target;
}
