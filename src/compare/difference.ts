import type { Contrast } from "../build/tar/differences.ts";
import { words } from "../build/tar/differences.ts";

/** One thing in which two media differ. A side that lacks it has no value. */
export interface Change {
  /** "presence", "size", "mode", "owner", "modification time", "content" and so on. */
  readonly what: string;
  readonly published?: string;
  readonly rebuilt?: string;
  /** Offset of the first byte that differs, where content does. */
  readonly firstByte?: number;
}

/** A part of a medium that is not the same on the other. */
export interface Difference {
  /** "ISO" for the file as a whole, "ESP" for the EFI system partition, or a path on the medium. */
  readonly path: string;
  /** A path within that part: of a squashfs or of the ESP. */
  readonly inside?: string;
  readonly changes: readonly Change[];
}

/** What is a difference of trees, in words; content is left to those who can say where it begins. */
export function changeOf({ what, want, have }: Contrast): Change {
  return {
    what: what in words ? words[what as keyof typeof words] : what,
    ...(want === undefined ? {} : { published: want }),
    ...(have === undefined ? {} : { rebuilt: have }),
  };
}

/** Contrasts by path, in their order. */
export function byPath(contrasts: readonly Contrast[]): ReadonlyMap<string, readonly Contrast[]> {
  const found = new Map<string, Contrast[]>();
  for (const each of contrasts) found.set(each.path, [...(found.get(each.path) ?? []), each]);
  return found;
}
