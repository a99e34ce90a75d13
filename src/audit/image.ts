import { open } from "node:fs/promises";
import { Failure } from "../failure.ts";
import type { Content, Stretch } from "../system/digests.ts";

/** A file read at any place. Nothing of it is mounted: many hosts have no iso9660 in their kernel. */
export interface Image extends AsyncDisposable {
  readonly path: string;
  readonly size: number;
  /** What is there, which near the end is less than what was asked for. */
  read(at: number, length: number): Promise<Buffer>;
  /** The same of a file's extents, for whoever reads it without waiting. */
  content(extents: readonly Stretch[]): Content;
}

/** A length read from a damaged image may be anything. */
const longest = 2 ** 29;

export async function openImage(path: string): Promise<Image> {
  const file = await open(path).catch((cause: unknown) => {
    throw new Failure("usage", `${path} cannot be read`, { cause });
  });
  const stat = await file.stat();
  if (!stat.isFile()) {
    await file.close();
    throw new Failure("usage", `${path} is not a file`);
  }
  return {
    path,
    size: stat.size,
    async read(at, length) {
      const wanted = Math.max(0, Math.min(length, stat.size - at, longest));
      const { buffer, bytesRead } = await file.read(Buffer.alloc(wanted), 0, wanted, at);
      return buffer.subarray(0, bytesRead);
    },
    content: (stretches) => ({ path, stretches }),
    [Symbol.asyncDispose]: () => file.close(),
  };
}

/** A stretch of an image, piece by piece; it ends early where the image does. */
export async function* pieces(image: Image, at: number, length: number, signal: AbortSignal): AsyncGenerator<Buffer> {
  const size = 2 ** 20;
  for (let done = 0; done < length;) {
    signal.throwIfAborted();
    const piece = await image.read(at + done, Math.min(size, length - done));
    if (piece.length === 0) return;
    done += piece.length;
    yield piece;
  }
}
