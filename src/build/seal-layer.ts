import { pour } from "../system/process.ts";
import { tarTree } from "../tools/tar.ts";
import { canonical, hasAcl } from "./tar/canonical.ts";
import type { TarEntry } from "./tar/entry.ts";
import { readable } from "./tar/manifest.ts";
import { TarReader, type TarVisitor } from "./tar/read.ts";
import { Recorder } from "./tar/record.ts";

export interface Sealing {
  /** An overlay's upper directory, or a whole tree. */
  readonly upper: string;
  readonly tar: string;
  /** One JSON object a line: `ManifestEntry`. */
  readonly manifest: string;
  /** Seconds since 1970; nothing in the layer is newer. */
  readonly epoch: number;
  readonly signal: AbortSignal;
  readonly onLine?: ((line: string) => void) | undefined;
}

export interface Sealed {
  readonly bytes: number;
  readonly entries: number;
  /** Paths whose access control lists were left out, since squashfs cannot hold them. */
  readonly aclsRemoved: readonly string[];
}

/**
 * Make a layer's canonical tar and its manifest from the directory it was recorded in. Deletions (0:0 devices) and opaque
 * directories stay as the kernel wrote them; sockets, which only a running program can use, are left out by tar.
 */
export async function sealLayer({ upper, tar, manifest, epoch, signal, onLine }: Sealing): Promise<Sealed> {
  await using recorder = await Recorder.create(tar, manifest);
  const sealer = new Sealer(recorder, epoch);
  const reader = new TarReader(sealer);
  await pour({ ...tarTree(upper), signal, onLine }, async (piece) => {
    reader.push(piece);
    await recorder.keepUp();
  });
  reader.finish();
  await recorder.finish();
  return { bytes: recorder.bytes, entries: recorder.entries, aclsRemoved: sealer.aclsRemoved };
}

/** Passes each member on in its canonical form. */
class Sealer implements TarVisitor {
  readonly aclsRemoved: string[] = [];
  readonly #recorder: Recorder;
  readonly #epoch: number;

  constructor(recorder: Recorder, epoch: number) {
    this.#recorder = recorder;
    this.#epoch = epoch;
  }

  entry(found: TarEntry): void {
    if (hasAcl(found)) this.aclsRemoved.push(readable(found.path));
    this.#recorder.entry(canonical(found, this.#epoch));
  }

  content(piece: Buffer): void {
    this.#recorder.content(piece);
  }

  end(): void {
    this.#recorder.end();
  }
}
